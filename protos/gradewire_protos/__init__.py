"""Gradewire's contract in Python: the limits, the errors' form, what may be sent again, one way to dial.

The messages themselves are `gradewire.v1`, built from the .proto files at install.
"""

from gradewire_protos.channel import TLS, TOKEN, client_options, dial, is_loopback, server_options
from gradewire_protos.contract import (
    DEFAULT_LIMITS,
    DEFAULT_PORTS,
    DOMAIN,
    LimitValues,
    fingerprint,
    may_resend,
    split_groups,
)
from gradewire_protos.endpoint import CallError, Endpoint
from gradewire_protos.status import (
    FieldViolation,
    StatusParts,
    make_status,
    parse_status,
    status_from_rpc_error,
    status_trailers,
)

__all__ = [
    "DEFAULT_LIMITS",
    "DEFAULT_PORTS",
    "DOMAIN",
    "TLS",
    "TOKEN",
    "CallError",
    "Endpoint",
    "FieldViolation",
    "LimitValues",
    "StatusParts",
    "client_options",
    "dial",
    "fingerprint",
    "is_loopback",
    "make_status",
    "may_resend",
    "parse_status",
    "server_options",
    "split_groups",
    "status_from_rpc_error",
    "status_trailers",
]
