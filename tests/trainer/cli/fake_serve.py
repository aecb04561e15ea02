"""A fake `gradewire serve NAME --listen HOST:PORT`: serves health only, and does what FAKE_SERVE says of its name.

FAKE_SERVE is JSON by name: `serves`, `lacks` (exit 2, as where an engine is missing), `stuck` (ignores SIGTERM), or
`dies` (serves, and ends with exit code 7 when its file appears).
"""

from __future__ import annotations

import json
import os
import signal
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import grpc


class Health(grpc.GenericRpcHandler):
    def service(self, details: grpc.HandlerCallDetails) -> grpc.RpcMethodHandler[bytes, bytes] | None:
        if details.method == "/grpc.health.v1.Health/Check":
            return grpc.unary_unary_rpc_method_handler(lambda request, context: b"\x08\x01")
        return None


def main() -> int:
    name, address = sys.argv[2], sys.argv[4]
    does = json.loads(os.environ["FAKE_SERVE"])[name]
    if does == "lacks":
        print(f"gradewire serve: {name} needs gradewire-engine; pip install 'gradewire-engine'", file=sys.stderr)
        return 2
    # A list: an Event that a signal sets while its waiter, in the same thread, holds its lock, waits for ever.
    ended: list[int] = []
    signal.signal(signal.SIGTERM, signal.SIG_IGN if does == "stuck" else lambda number, _: ended.append(number))
    server = grpc.server(ThreadPoolExecutor(2), options=[("grpc.so_reuseport", 0)])
    server.add_generic_rpc_handlers((Health(),))
    server.add_insecure_port(address)
    server.start()
    print("here I am", flush=True)
    while not ended:
        if does == "dies" and Path(os.environ["FAKE_DIE"]).exists():
            print("out of luck", flush=True)
            return 7
        if does == "stuck" and os.getppid() == 1:
            return 0
        time.sleep(0.05)
    return 0


if __name__ == "__main__":
    sys.exit(main())
