"""The `gradewire` command. Exit codes: 0 all well, 1 some failed, 2 usage or spec, 3 no service, 130 Ctrl-C."""

import io
import os
import sys
from collections.abc import Sequence

from gradewire_trainer.cli.delegates import KNOWN, delegate, is_delegated


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command with these arguments (None: the process's own), and give its exit code."""
    os.environ.setdefault("GRPC_VERBOSITY", "ERROR")  # a service that goes away is told by us, in a sentence
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # a terminal that cannot show '→' gets '?', not a traceback
            stream.reconfigure(errors="replace")
    arguments = list(sys.argv[1:] if argv is None else argv)
    try:
        if arguments and is_delegated(arguments[0]):
            return delegate(arguments[0], arguments[1:])
        from gradewire_trainer.cli.app import run

        return run(arguments)
    except BrokenPipeError:  # whoever read our output has gone, as `| head` does
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1


__all__ = ["KNOWN", "main"]
