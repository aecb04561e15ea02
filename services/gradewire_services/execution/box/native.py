"""Run a program that is no Python: write its file, become its command."""

import os
from typing import NoReturn

from .worker import fail, say


def execute(content: bytes, report: int, name: str, argv: list[str]) -> NoReturn:
    """Write `content` to the file `name`, and replace this process by `argv`."""
    try:
        with os.fdopen(os.open(name, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o755), "wb") as file:
            file.write(content)
    except OSError as error:
        fail(report, error)
    os.set_inheritable(report, False)  # else the program could report in our stead
    say(report, b"S")
    try:
        os.execv(argv[0], argv)
    except OSError as error:
        say(report, f"X{argv[0]}: {error.strerror}".encode())
    os._exit(127)
