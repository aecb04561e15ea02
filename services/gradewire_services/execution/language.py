"""Languages beside Python: each a small file in `languages/` that names its tools and how they are called.

names     what callers may call it
source    the file that the program is written to
compile   argument vector that turns it into `main`; absent when the source runs as it is
run       argument vector; its first entry must be there for the language to be served
reserves  true when its runtime reserves address space that it never uses: then that is no measure of its
memory
"""

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from .errors import ToolMissing, UnsupportedLanguage

PYTHON = ("python", "python3", "py")
_FOLDER = Path(__file__).parent / "languages"


@dataclass(frozen=True, slots=True)
class Language:
    """One description file."""

    names: tuple[str, ...]
    source: str
    run: tuple[str, ...]
    compile: tuple[str, ...] = ()
    reserves: bool = False

    @property
    def tool(self) -> str:
        """The program whose absence means that the language is not installed."""
        return (self.compile or self.run)[0]


@cache
def known() -> dict[str, Language]:
    """Every description, by each of its names."""
    found = {}
    for path in sorted(_FOLDER.glob("*.toml")):
        with path.open("rb") as file:
            given = tomllib.load(file)
        language = Language(
            names=tuple(given["names"]),
            source=given["source"],
            run=tuple(given["run"]),
            compile=tuple(given.get("compile", ())),
            reserves=given.get("reserves", False),
        )
        found.update(dict.fromkeys(language.names, language))
    return found


def find(name: str) -> Language | None:
    """The description of language `name`; None for Python, which runs in the warm interpreter.

    UnsupportedLanguage names the supported ones; ToolMissing names what to install.
    """
    if name in PYTHON:
        return None
    language = known().get(name)
    if language is None:
        supported = ", ".join(["python", *sorted({language.names[0] for language in known().values()})])
        raise UnsupportedLanguage("program.language", f"is {name!r}; supported are {supported}")
    if not Path(language.tool).exists():
        raise ToolMissing(f"{name} needs {language.tool}, which is not installed here")
    return language
