"""The record's files: each is whole or is not there, and a disk that is full is told as that."""

import errno
import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gradewire_trainer.errors import MissingExtra, RecordError
from gradewire_trainer.record.columns import COLUMNS, NODE_COLUMNS

if TYPE_CHECKING:
    import pyarrow as pa
    import pyarrow.parquet as pq

_LARGE = ("prompt", "response", "reference_json", "item_json", "prompt_messages_json", "response_messages_json")
_SPEC_KEY = b"gradewire.spec"


def require_arrow() -> None:
    """Raises MissingExtra where pyarrow is not installed."""
    try:
        import pyarrow  # noqa: F401
    except ImportError:
        raise MissingExtra("the record of a run (Parquet files)", "gradewire-trainer[record]") from None


@cache
def schema() -> "pa.Schema":
    """The schema of a part file."""
    import pyarrow as pa

    node = pa.struct([pa.field(name, pa.type_for_alias(kind)) for name, kind in NODE_COLUMNS.items()])
    # 64-bit offsets: the responses of one part may be more than 2 GiB of text.
    sample = [
        pa.field(name, pa.large_string() if name in _LARGE else pa.type_for_alias(kind))
        for name, kind in COLUMNS.items()
    ]
    return pa.schema([*sample, pa.field("nodes", pa.list_(node))])


def write_part(path: Path, rows: list[dict[str, Any]], spec: Mapping[str, Any]) -> None:
    """Write rows as one Parquet file, with the spec in its metadata. Raises RecordError."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    table = pa.Table.from_pylist(rows, schema=schema())
    sink = pa.BufferOutputStream()
    pq.write_table(table.replace_schema_metadata({_SPEC_KEY: json.dumps(spec)}), sink, compression="zstd")
    write_whole(path, sink.getvalue())


def write_whole(path: Path, content: Any) -> None:
    """Write a file under another name, and give it its own when it is on the disk. Raises RecordError."""
    beside = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        with beside.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(path)
    except OSError as error:
        beside.unlink(missing_ok=True)
        raise RecordError(f"{path}: {_why(error)}") from None


def part_files(folder: Path) -> list[Path]:
    """The part files of a run's folder, in the order of their names; what was not written whole is none of them."""
    return sorted((folder / "samples").glob("[!.]*.parquet"))


def read_rows(folder: Path, columns: list[str] | None = None) -> Iterator[dict[str, Any]]:
    """The samples of a run's folder; a node's column is named `nodes.list.element.score`. Raises RecordError."""
    for path in part_files(folder):
        with _opened(path) as file:
            for batch in file.iter_batches(batch_size=1024, columns=columns):
                yield from batch.to_pylist()


def read_spec(path: Path) -> dict[str, Any]:
    """The spec that the samples of a part file were graded by. Raises RecordError."""
    with _opened(path) as file:
        metadata = file.schema_arrow.metadata or {}
        if _SPEC_KEY not in metadata:
            raise RecordError(f"{path}: is no part of a Gradewire record: its metadata has no spec")
        told: dict[str, Any] = json.loads(metadata[_SPEC_KEY])
        return told


@contextmanager
def _opened(path: Path) -> "Iterator[pq.ParquetFile]":
    require_arrow()
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        with pq.ParquetFile(path) as file:
            yield file
    except (OSError, pa.ArrowInvalid) as error:
        raise RecordError(f"{path}: cannot be read: {error}") from None


def _why(error: OSError) -> str:
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return "the disk is full; make room, or write the record elsewhere by --out"
    if error.errno == errno.EFBIG:
        return (
            "the system lets no larger file be written here (ulimit -f); raise the limit, or write elsewhere by --out"
        )
    return f"cannot be written: {error.strerror or error}"
