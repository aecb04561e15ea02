"""What a warm server does before its first fork, so that jobs copy and look up fewer pages of its memory.

A job pays for every page that it writes to, and for every piece of code that it comes to first. Nothing here changes
what a program sees.
"""

import contextlib
import ctypes
import os

_SMALLEST, _LARGEST, _STEP = 48, 512, 16  # sizes of the small-object allocator's classes that bytes objects can have
_HEAD = 33  # bytes of a bytes object without its content
_POOL, _FIRST = 1 << 14, 48  # a pool's size, and where in it the first object lies
_MOST = 1 << 14  # objects of a size, should memory be laid out in another way
_FROM_TOP = 120_000  # bytes: larger than any hole, smaller than what is mapped apart
_SIZES = (*(1 << power for power in range(16, 10, -1)), *range(1024, 16, -16))

_libc = ctypes.PyDLL(None)
_libc.malloc.argtypes, _libc.malloc.restype = (ctypes.c_size_t,), ctypes.c_void_p
_libc.free.argtypes, _libc.free.restype = (ctypes.c_void_p,), None
_libc.sbrk.argtypes, _libc.sbrk.restype = (ctypes.c_ssize_t,), ctypes.c_void_p


def fill_holes() -> list[object]:
    """Fill the free places that importing has left all over the heap; what fills them is to be kept for good.

    A job that gets those copies a page for each. Then its objects come from fresh pages: in CPython's small-object
    allocator from the first page of a pool of 16 KiB, where the pool's head is as well, so that a size of objects costs
    one page and not two; and from the top of the C library's heap what is larger.
    """
    _fill_heap()
    filling: list[object] = []
    for number in range(_MOST, 2 * _MOST):
        filling.append(number)
        if id(number) % _POOL == _FIRST:
            break
    for size in range(_SMALLEST, _LARGEST + 1, _STEP):
        for _ in range(_MOST):
            filling.append(bytes(size - _HEAD))
            if id(filling[-1]) % _POOL == _FIRST:
                break
    return filling


def _fill_heap() -> None:
    top = _libc.malloc(_FROM_TOP)
    if top < _libc.sbrk(0):  # else this library's heap is not one piece
        for size in _SIZES:
            while (place := _libc.malloc(size)) < top:
                pass
            _libc.free(place)
    _libc.free(top)


def share_code() -> None:
    """Have forks inherit what is mapped of the interpreter's code and the C library's, instead of looking each piece up
    anew in the page cache: the kernel copies the entries of a private mapping once a page of it is the process's own,
    which writing a byte over itself makes it. Of all libraries it would cost more than it gives.
    """
    with contextlib.suppress(OSError):  # some kernels refuse it; then it stays as it was
        memory = os.open("/proc/self/mem", os.O_RDWR | os.O_CLOEXEC)
        for function in (ctypes.pythonapi.PyObject_Repr, _libc.malloc):
            place = ctypes.cast(function, ctypes.c_void_p).value or 0
            os.pwrite(memory, os.pread(memory, 1, place), place)
        os.close(memory)
