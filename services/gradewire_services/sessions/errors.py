"""What can be wrong with a call that names a session; a branch of `gradewire_services.errors`.

RequestError
├── SessionLost     nobody knows the session: its box, process or service is gone, or the id was never given out
├── SessionBroken   the same, found out by this call or known from an earlier one
├── SessionEnded    it has ended for a reason of its own: `why` in the metadata
├── SessionBusy     a cell of it runs
└── SessionsFull    no room for another; comes with RetryInfo
"""

import grpc

from gradewire_services.errors import RequestError


class SessionLost(RequestError):
    """Nobody knows the session."""

    code = grpc.StatusCode.NOT_FOUND
    reason = "SESSION_LOST"


class SessionBroken(RequestError):
    """Its box broke."""

    code = grpc.StatusCode.FAILED_PRECONDITION
    reason = "SESSION_LOST"


class SessionEnded(RequestError):
    """It has ended."""

    code = grpc.StatusCode.FAILED_PRECONDITION
    reason = "SESSION_ENDED"


class SessionBusy(RequestError):
    """A cell of it runs."""

    code = grpc.StatusCode.FAILED_PRECONDITION
    reason = "SESSION_BUSY"


class SessionsFull(RequestError):
    """There is no room for another one now."""

    code = grpc.StatusCode.RESOURCE_EXHAUSTED
    reason = "SESSIONS_FULL"
