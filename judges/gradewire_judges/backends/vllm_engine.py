"""vLLM's engine in this process, stepped by whoever waits: requests of all threads are in it together.

A request leaves it when it is answered, when its caller has enough, or when nobody waits for it any more.
"""

import itertools
import os
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

os.environ.setdefault("VLLM_ENABLE_V1_MULTIPROCESSING", "0")  # read by the import below: the engine runs in here
os.environ.setdefault("VLLM_CPU_KVCACHE_SPACE", "1")  # GiB, for a CPU build

from vllm import LLM, PoolingParams, SamplingParams
from vllm.exceptions import VLLMValidationError
from vllm.inputs.engine import tokens_input

from gradewire_judges.backend import IsCancelled
from gradewire_judges.errors import BackendFailed, Cancelled

Request = tuple[Sequence[int], SamplingParams | PoolingParams]


@dataclass(eq=False)
class Asked:
    """A request in the engine, or one that has left it."""

    place: int
    """In its call; what `cancelled` is asked with."""

    output: Any = None
    """vLLM's newest; None before there is one."""

    failed: BackendFailed | None = None
    done: bool = False


class VllmEngine:
    """The engine of one model."""

    def __init__(self, llm: LLM, vocabulary: int) -> None:
        self._engine = llm.llm_engine
        self._vocabulary = vocabulary
        self._lock = threading.Lock()
        self._names = itertools.count()
        self._inside: dict[str, Asked] = {}

    def run(
        self,
        requests: Sequence[Request],
        cancelled: IsCancelled | None,
        enough: Callable[[Asked], bool] | None = None,
    ) -> list[Asked]:
        """Ask all, and step the engine until each is answered, failed, or `enough` as far as it has come."""
        asked = [Asked(place) for place in range(len(requests))]
        waiting = {str(next(self._names)): one for one in asked}
        for (name, one), request in zip(waiting.items(), requests, strict=True):
            self._enter(name, one, *request)
        while waiting:
            for name, one in list(waiting.items()):
                if not one.done and one.failed is None and cancelled is not None and cancelled(one.place):
                    one.failed = Cancelled()
                if one.done or one.failed or (enough is not None and one.output is not None and enough(one)):
                    self._leave(name)
                    del waiting[name]
            with self._lock:
                if waiting and not any(one.done or one.failed for one in waiting.values()):
                    self._step()
        return asked

    def _enter(self, name: str, one: Asked, ids: Sequence[int], params: SamplingParams | PoolingParams) -> None:
        if min(ids) < 0 or max(ids) >= self._vocabulary:
            one.failed = BackendFailed(f"a token id is beyond the model's {self._vocabulary} rows")
            return
        with self._lock:
            try:
                self._engine.add_request(name, tokens_input(list(ids)), params)
                self._inside[name] = one
            except (ValueError, VLLMValidationError) as error:
                one.failed = BackendFailed(f"vLLM refuses a prompt of {len(ids)} tokens: {error}")

    def _leave(self, name: str) -> None:
        with self._lock:
            one = self._inside.pop(name, None)
            if one is not None and not one.done:
                self._engine.abort_request([name])

    def _step(self) -> None:
        """One step, for everybody. The lock is held."""
        try:
            outputs = self._engine.step()
        except Exception as error:  # noqa: BLE001 whatever it was, the engine is beyond repair
            for one in self._inside.values():
                one.failed = BackendFailed(f"vLLM failed: {error}")
            return
        for output in outputs:
            if (known := self._inside.get(output.request_id)) is not None:
                known.output, known.done = output, output.finished
