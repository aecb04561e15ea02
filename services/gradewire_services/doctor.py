"""What this machine can do for the services: `gradewire doctor` asks here."""

import importlib.util
import os
import sys
from pathlib import Path
from typing import Any

from gradewire_services.config import available_cpus

Finding = dict[str, Any]


def check() -> list[Finding]:
    """Findings with check, ok (true, false, or null for 'for your information'), detail and remedy."""
    return [_cpus(), _memory(), _workers(), _sandbox(), _engine("gradewire_extractors"), _engine("gradewire_judges")]


def _finding(name: str, ok: bool | None, detail: str, remedy: str = "") -> Finding:
    return {"check": f"services: {name}", "ok": ok, "detail": detail, "remedy": remedy}


def _cpus() -> Finding:
    usable, all_of_them = available_cpus(), os.cpu_count() or 1
    return _finding("CPUs", None, f"{usable} of {all_of_them} may be used, so {usable} workers a service by default")


def _memory() -> Finding:
    try:
        total = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    except (ValueError, OSError):
        return _finding("memory", None, "this system does not tell how much there is")
    bound = _cgroup_bound_gib()
    detail = f"{total:.1f} GiB" + (f", of which this control group may have {bound:.1f}" if bound is not None else "")
    return _finding("memory", None, detail)


def _cgroup_bound_gib() -> float | None:
    for path in ("/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes"):
        try:
            text = Path(path).read_text(encoding="ascii").strip()
        except OSError:
            continue
        if text.isdecimal() and int(text) < 1 << 60:
            return int(text) / 2**30
    return None


def _workers() -> Finding:
    if sys.platform == "linux" and hasattr(os, "memfd_create"):
        return _finding("worker processes", True, "are killed at a deadline, and end with their server")
    remedy = "run the services on Linux"
    return _finding("worker processes", False, f"need memfd_create, which {sys.platform} lacks", remedy)


def _sandbox() -> Finding:
    from gradewire_services.execution import Engine, ExecutionError  # takes a while, and only this check needs it

    try:
        with Engine.open() as engine:
            isolation = engine.isolation
    except ExecutionError as error:
        remedy = "run it as root, or allow user namespaces: sysctl kernel.unprivileged_userns_clone=1"
        return _finding("sandbox", False, f"no program can be boxed in here: {error}", remedy)
    without = f", without {', '.join(isolation.missing)}" if isolation.missing else ""
    return _finding("sandbox", True, f"programs run at isolation level {isolation.level}{without}")


def _engine(package: str) -> Finding:
    found = importlib.util.find_spec(package) is not None
    name = package.replace("_", "-")
    return _finding(name, found, "installed" if found else "not installed", "" if found else f"pip install {name}")
