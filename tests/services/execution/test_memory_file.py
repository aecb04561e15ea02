"""What a job is handed in memory stays as it was handed."""

import mmap
import os

import pytest

from gradewire_services.execution.memory_file import sealed


def test_nobody_changes_it():
    fd = sealed(b"x" * 5000)
    with pytest.raises(PermissionError):
        os.write(fd, b"y")
    for size in (10, 10_000):
        with pytest.raises(PermissionError):
            os.ftruncate(fd, size)
    with pytest.raises(PermissionError):
        mmap.mmap(fd, 5000, mmap.MAP_SHARED, mmap.PROT_WRITE)
    again = os.open(f"/proc/self/fd/{fd}", os.O_RDWR)
    with pytest.raises(PermissionError):
        os.pwrite(again, b"z", 0)
    assert os.pread(fd, 6000, 0) == b"x" * 5000
    os.close(again)
    os.close(fd)
