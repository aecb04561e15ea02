"""Which of the targets can have sessions, and how each is reached."""

from collections.abc import Callable, Sequence
from functools import partial
from importlib.metadata import entry_points

from gradewire_trainer.client.directory import LOCAL_GROUP
from gradewire_trainer.client.remote import RemoteEndpoint
from gradewire_trainer.client.targets import Target
from gradewire_trainer.errors import GradewireError, MissingExtra
from gradewire_trainer.sessions.place import RemoteSessions, SessionCalls

Reach = Callable[[], SessionCalls]
"""Makes the calls, on the loop that they are for."""

_SERVICE = "execution"


def reachable(targets: Sequence[Target]) -> list[Reach]:
    """Those that may have sessions. Raises GradewireError when none may; MissingExtra for `local` where there is no
    service to load.
    """
    found: list[Reach] = []
    for target in targets:
        if target.service in ("", _SERVICE):
            found += _reach(target)
    if not found:
        raise GradewireError("targets: none of them can have sessions; name the execution service's, or `local`")
    return found


def _reach(target: Target) -> list[Reach]:
    where = target.where
    if isinstance(where, RemoteEndpoint):
        return [partial(RemoteSessions, each, where.credentials) for each in _each_address(where.target)]
    if not isinstance(where, str):
        own: Reach | None = getattr(where, "sessions", None)
        return [] if own is None else [own]
    scheme, _, name = where.partition(":")
    if scheme != "local":
        return [partial(RemoteSessions, each) for each in _each_address(where)]
    return [_local] if name in ("", _SERVICE) else []


def _local() -> SessionCalls:
    point = next(iter(entry_points(group=LOCAL_GROUP, name=_SERVICE)), None)
    try:
        made = None if point is None else point.load()()
    except ImportError:
        made = None
    if made is None:
        raise MissingExtra("sessions in this process", "gradewire-services[execution]")
    calls: SessionCalls = made.sessions()
    return calls


def _each_address(where: str) -> list[str]:
    """`ipv4:10.0.0.1:50252,10.0.0.2:50252` names two services; each session lives in one."""
    scheme, colon, rest = where.partition(":")
    if colon and scheme in ("ipv4", "ipv6"):
        return [f"{scheme}:{address}" for address in rest.split(",")]
    return [where]
