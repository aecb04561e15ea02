"""A folder that tests and program share, although each has a file system of its own: what has changed in one is
written in the other before it goes on.

Only regular files and folders below it are carried, and only below it are they written: a program must not be able to
put a module where the tests would import it.
"""

import os
import stat
from pathlib import Path
from typing import Any

from .problems import NothingTestedError

_MOST_BYTES = 8 << 20
_MOST_ENTRIES = 2000
_OLD = 1_700_000_000 * 10**9


class Shared:
    """One side's copy of the folder."""

    def __init__(self, root: str):
        self.root = Path(root)
        self._seen: dict[str, tuple[int, int]] = {}

    def changes(self) -> list[list[Any]]:
        """What is new since the last time: [name, None for a folder or its bytes]; what is gone: [name, False].
        ValueError when it is too much.
        """
        now = dict(_entries(self.root))
        gone = [[name, False] for name in self._seen if name not in now]
        new: list[list[Any]] = []
        total = 0
        for name, (size, changed) in now.items():
            if self._seen.get(name) == (size, changed):
                continue
            total += max(size, 0)
            if total > _MOST_BYTES:
                raise ValueError(f"more than {_MOST_BYTES >> 20} MiB of files in tmp_path")
            new.append([name, None if size < 0 else _read(self.root / name)])
        self._settle()
        return gone + new

    def apply(self, changes: Any) -> None:
        """Make what the other side has changed. ValueError for what would lie outside."""
        for name, content in list(changes):
            parts = str(name).split("/")
            if not 0 < len(parts) < 50 or any(part in ("", ".", "..") for part in parts):
                raise ValueError(f"a name outside the folder: {name!r:.100}")
            path = self.root.joinpath(*parts)
            if any(self.root.joinpath(*parts[:size]).is_symlink() for size in range(1, len(parts) + 1)):
                continue  # the other side has something else there; links are not carried
            if content is False:
                _remove(path)
            elif content is None:
                path.mkdir(parents=True, exist_ok=True)
            else:
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(bytes(content))
        self._settle()

    def _settle(self) -> None:
        """Remember how it is now. The clock of a file system is coarse, so what is known is made older: whatever is
        written after this shows.
        """
        self._seen = {}
        for name, (size, changed) in _entries(self.root):
            if size >= 0 and changed != _OLD:
                os.utime(self.root / name, ns=(_OLD, _OLD), follow_symlinks=False)
            self._seen[name] = (size, changed if size < 0 else _OLD)


def make(dialogue: Any) -> Path:
    """A new folder, in both boxes."""
    if dialogue.around.shared is None:
        root = f"/tmp/pytest-{os.getpid()}"
        try:
            Path(root).mkdir()
        except OSError as error:
            raise NothingTestedError(f"wants tmp_path, for which this box has no place: {error.strerror}") from None
        dialogue.ask("share", 0, root)
        dialogue.around.shared = Shared(root)
    count = sum(1 for _ in dialogue.around.shared.root.iterdir())
    path: Path = dialogue.around.shared.root / f"test{count}"
    path.mkdir()
    return path


def _entries(root: Path) -> list[tuple[str, tuple[int, int]]]:
    """Name, and size (-1 for a folder) with the time of the last change, of all below, folders first."""
    found: list[tuple[str, tuple[int, int]]] = []
    left = [root]
    while left:
        for entry in sorted(os.scandir(left.pop()), key=lambda one: one.name):
            info = entry.stat(follow_symlinks=False)
            name = str(Path(entry.path).relative_to(root))
            if stat.S_ISDIR(info.st_mode):
                found.append((name, (-1, 0)))
                left.append(Path(entry.path))
            elif stat.S_ISREG(info.st_mode):
                found.append((name, (info.st_size, info.st_mtime_ns)))
            if len(found) > _MOST_ENTRIES:
                raise ValueError(f"more than {_MOST_ENTRIES} files in tmp_path")
    return found


def _read(path: Path) -> bytes:
    with os.fdopen(os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC), "rb") as file:
        return file.read(_MOST_BYTES + 1)


def _remove(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        for one in path.iterdir():
            _remove(one)
        path.rmdir()
    elif path.exists():
        path.unlink()
