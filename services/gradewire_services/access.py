"""Who may call: a certificate for the wire, and a token that every call brings. Health stays open to who watches it.

The client's side is `gradewire_protos.dial`: `grpcs://` targets, to which the same GRADEWIRE_TOKEN is sent. It is never
sent in the clear, so it is asked for only where there is a certificate.
"""

import hmac
import os
import ssl
from collections.abc import Awaitable, Callable
from typing import Any

import grpc

from gradewire_protos import TOKEN
from gradewire_services.config import TlsConfig
from gradewire_services.errors import StartError, Unauthenticated, to_status
from gradewire_services.guard import Context, Handler, abort

_OPEN = "/grpc.health.v1.Health/"

_Call = grpc.HandlerCallDetails


def credentials(tls: TlsConfig) -> grpc.ServerCredentials:
    """The certificate and its key, read and held against each other. Raises StartError."""
    try:
        # gRPC would listen with files that are none, and fail at each handshake. No key is asked for at the terminal.
        ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_cert_chain(tls.cert, tls.key, password=lambda: b"")
        return grpc.ssl_server_credentials([(tls.key.read_bytes(), tls.cert.read_bytes())])
    except ssl.SSLError as error:
        raise StartError(
            f"{tls.cert} and {tls.key} are no certificate (PEM, with its chain) and its key without a passphrase: "
            f"{error.reason or error}"
        ) from None
    except OSError as error:
        missing = next((path for path in (tls.cert, tls.key) if not os.access(path, os.R_OK)), tls.cert)
        raise StartError(f"{missing} cannot be read: {error.strerror}") from None


def token() -> str:
    """What calls have to bring; empty: nothing. Raises StartError where it could not be sent."""
    found = os.environ.get(TOKEN, "").strip()
    if not (found.isascii() and found.isprintable()):
        raise StartError(f"the environment variable {TOKEN} holds what no header can: take ASCII characters")
    return found


class Tokens(grpc.aio.ServerInterceptor):
    """Refuses calls without the token, all but health's."""

    def __init__(self, wanted: str) -> None:
        self._wanted = f"Bearer {wanted}".encode()

    async def intercept_service(
        self, continuation: "Callable[[_Call], Awaitable[Handler | None]]", call: _Call
    ) -> "Handler | None":
        """See grpc.aio.ServerInterceptor."""
        if call.method.startswith(_OPEN) or self._has_it(call):
            return await continuation(call)
        return grpc.unary_unary_rpc_method_handler(_refuse)

    def _has_it(self, call: _Call) -> bool:
        told = dict(call.invocation_metadata or ()).get("authorization", "")
        return hmac.compare_digest(told.encode("utf-8", "replace") if isinstance(told, str) else told, self._wanted)


async def _refuse(_request: Any, context: Context) -> bytes:
    await abort(
        context,
        to_status(Unauthenticated(f"this service asks for a token: put it into {TOKEN}, and dial grpcs://HOST:PORT")),
    )
    return b""
