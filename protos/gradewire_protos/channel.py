"""One way to dial and to listen: the channel options that both ends need, with the reason for each."""

import os
import re
from collections.abc import Sequence

import grpc

MAX_MESSAGE_BYTES = 64 * 1024 * 1024
"""What gRPC itself lets through. Our own limits are lower, and their errors say what to do."""

_LOOPBACK = re.compile(r"(ipv4:|dns:/*)?(localhost|127\.[\d.]+)(:|$)|(ipv6:)?\[::1\]|unix(-abstract)?:")

TLS = "grpcs://"
"""Before `host:port`: an encrypted connection, whose server is known by a certificate."""

TOKEN = "GRADEWIRE_TOKEN"
"""The environment variable whose value is sent to `grpcs://` targets, as `authorization: Bearer TOKEN`."""

Options = list[tuple[str, str | int]]

_LIVENESS: Options = [
    # A frozen peer is noticed within two seconds: 1.0 s measured, and 16.8 s without ping_timeout_ms.
    ("grpc.keepalive_time_ms", 1_000),
    ("grpc.keepalive_timeout_ms", 1_000),
    ("grpc.http2.ping_timeout_ms", 1_000),
    ("grpc.keepalive_permit_without_calls", 1),
    ("grpc.http2.max_pings_without_data", 0),
]
_SIZES: Options = [
    ("grpc.max_receive_message_length", MAX_MESSAGE_BYTES),
    ("grpc.max_send_message_length", MAX_MESSAGE_BYTES),
]


def is_loopback(target: str) -> bool:
    """Whether only this machine reaches a target."""
    return _LOOPBACK.match(target) is not None


def client_options() -> Options:
    """Options of every client channel."""
    return [
        *_LIVENESS,
        *_SIZES,
        # A restarted service is found again within a second, not after gRPC's backoff of up to two minutes.
        ("grpc.initial_reconnect_backoff_ms", 100),
        ("grpc.min_reconnect_backoff_ms", 100),
        ("grpc.max_reconnect_backoff_ms", 1_000),
        ("grpc.lb_policy_name", "round_robin"),
        # Two channels to one address are two connections: a client that reloads its targets starts afresh.
        ("grpc.use_local_subchannel_pool", 1),
    ]


def server_options() -> Options:
    """Options of every server."""
    return [
        *_SIZES,
        ("grpc.so_reuseport", 0),  # a port that is taken is an error, not a silent second server
        ("grpc.http2.min_recv_ping_interval_without_data_ms", 500),
        ("grpc.http2.min_ping_interval_without_data_ms", 500),
        ("grpc.http2.max_ping_strikes", 0),
        ("grpc.keepalive_permit_without_calls", 1),
    ]


def dial(
    target: str,
    *,
    credentials: grpc.ChannelCredentials | None = None,
    interceptors: Sequence[grpc.aio.ClientInterceptor] = (),
    balanced: bool = True,
) -> grpc.aio.Channel:
    """Open a channel to `host:port`, `unix:path`, or anything else that gRPC resolves. Nothing is sent yet.

    `grpcs://host:port` is encrypted, and the token of GRADEWIRE_TOKEN goes with every call; it never goes in the clear.
    Who signed the server's certificate is told by GRPC_DEFAULT_SSL_ROOTS_FILE_PATH, if it is nobody the world knows.
    It belongs to the running event loop, and to this process: a forked child dials for itself. balanced: where the name
    has several addresses, calls go to all in turn; else to one, for as long as its connection holds.
    """
    options = client_options()
    if not balanced:
        options.append(("grpc.lb_policy_name", "pick_first"))
    if target.startswith(TLS):
        target, credentials = target.removeprefix(TLS), credentials or _secure()
    if is_loopback(target):
        # gRPC obeys http_proxy, and would ask a proxy far away for a service on this machine.
        options.append(("grpc.enable_http_proxy", 0))
    if credentials is not None:
        return grpc.aio.secure_channel(target, credentials, options=options, interceptors=list(interceptors))
    return grpc.aio.insecure_channel(target, options=options, interceptors=list(interceptors))


def _secure() -> grpc.ChannelCredentials:
    token = os.environ.get(TOKEN, "").strip()
    encrypted = grpc.ssl_channel_credentials()
    if not token:
        return encrypted
    return grpc.composite_channel_credentials(encrypted, grpc.access_token_call_credentials(token))
