"""Run a program that is no Python: write its file, become its command."""

import os
from pathlib import Path
from typing import NoReturn

from .worker import fail, say


def execute(content: bytes, report: int, name: str, argv: list[str]) -> NoReturn:
    """Write `content` to the file `name`, and replace this process by `argv`."""
    path = Path(name)
    try:
        path.write_bytes(content)
        path.chmod(0o755)
    except OSError as error:
        fail(report, error)
    say(report, b"S")
    try:
        os.execv(argv[0], argv)  # the report's descriptor closes here
    except OSError as error:
        say(report, f"X{argv[0]}: {error.strerror}".encode())
    os._exit(127)
