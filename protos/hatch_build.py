"""Builds the message and service stubs from the .proto files at install, so that they are never committed."""

import shutil
import subprocess
import sys
from pathlib import Path

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class StubHook(BuildHookInterface):
    """Run protoc over gradewire/v1 before any file of the wheel is collected."""

    def initialize(self, version: str, build_data: dict) -> None:  # noqa: ARG002 - the interface's signature
        import google.rpc
        import grpc_tools

        root = Path(self.root)
        protos = sorted(str(path.relative_to(root)) for path in root.glob("gradewire/v1/*.proto"))
        site = Path(next(iter(google.rpc.__path__))).parents[1]
        plugin = shutil.which("protoc-gen-mypy") or str(Path(sys.executable).parent / "protoc-gen-mypy")
        subprocess.run(
            [
                *(sys.executable, "-m", "grpc_tools.protoc", "-I."),
                *(f"-I{site}", f"-I{Path(grpc_tools.__file__).parent / '_proto'}"),
                *("--python_out=.", "--grpc_python_out=.", "--mypy_out=.", "--mypy_grpc_out=."),
                f"--plugin=protoc-gen-mypy={plugin}",
                f"--plugin=protoc-gen-mypy_grpc={plugin}_grpc",
                *protos,
            ],
            cwd=root,
            check=True,
        )
