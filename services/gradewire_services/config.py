"""What a server can be told, on its command line or in a YAML file."""

import os
from pathlib import Path
from typing import Any, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from gradewire_protos import DEFAULT_LIMITS, LimitValues
from gradewire_services.errors import StartError
from gradewire_services.problems import problems

_MOST_UNITS = 65_535
"""A position within a call is 16 bits between front and worker."""


class Strict(BaseModel):
    """Unknown keys are mistakes."""

    model_config = ConfigDict(extra="forbid")


class LimitsConfig(Strict):
    """What the service accepts. Bytes, counts and seconds; `gradewire_protos.LimitValues` has each one's meaning."""

    max_request_bytes: int = Field(default=DEFAULT_LIMITS.max_request_bytes, ge=1024, le=63 << 20)
    max_request_samples: int = Field(default=DEFAULT_LIMITS.max_request_samples, ge=1, le=_MOST_UNITS)
    max_response_bytes: int = Field(default=DEFAULT_LIMITS.max_response_bytes, ge=1)
    max_shared_bytes: int = Field(default=DEFAULT_LIMITS.max_shared_bytes, ge=1)
    max_queued_samples: int = Field(default=DEFAULT_LIMITS.max_queued_samples, ge=1)
    max_queued_tokens: int = Field(default=4 << 20, ge=0)
    default_sample_timeout_s: float | None = Field(default=None, gt=0)
    """Not given: the service's own default."""

    max_sample_timeout_s: float = Field(default=DEFAULT_LIMITS.max_sample_timeout_s, gt=0)

    @model_validator(mode="after")
    def _fit_together(self) -> "LimitsConfig":
        if self.max_request_samples > self.max_queued_samples:
            raise ValueError("max_request_samples is over max_queued_samples, so a full request could never be taken")
        if (self.default_sample_timeout_s or 0) > self.max_sample_timeout_s:
            raise ValueError("default_sample_timeout_s is over max_sample_timeout_s")
        return self

    def values(self, default_timeout_s: float) -> LimitValues:
        """As the contract has them, with the service's own default for a sample's timeout."""
        timeout = self.default_sample_timeout_s or min(default_timeout_s, self.max_sample_timeout_s)
        return LimitValues(**{**self.model_dump(), "default_sample_timeout_s": timeout})


class JudgingConfig(Strict):
    """Which judges are served."""

    cards: list[str] = []
    """Judge cards: YAML files, or names of shipped ones. None: equivalence, quality and rules."""

    cache_mib: int = Field(default=64, ge=0)
    """Memory for verdicts, so that an identical request is not judged twice; 0: none are kept."""

    model_dir: Path | None = None
    """The model's directory, for cards that name none."""


class TlsConfig(Strict):
    """For an encrypted wire, in PEM."""

    cert: Path
    """The certificate, and those that vouch for it."""

    key: Path
    """Its key, without a passphrase."""


class SessionsConfig(Strict):
    """How much room sessions have; each is a box of its own."""

    max_open: int = Field(default=64, ge=0, le=4096)
    """Sessions at a time. 0: none are served."""

    max_memory_mib: int | None = Field(default=None, ge=16)
    """Of their memory limits together. None: half of this machine's memory."""

    max_lifetime_s: float = Field(default=3600.0, gt=0, le=7 * 86400)


class ExecutionConfig(Strict):
    """How programs are boxed in."""

    min_isolation: Literal["A", "B", "C"] | None = None
    """The weakest level to serve at: A, B or C. None: the strongest that works here."""

    packages: list[str] = []
    """Installed packages that programs may import beside the standard library, and that are imported ahead."""

    sessions: SessionsConfig = SessionsConfig()


class ServiceConfig(Strict):
    """A server's configuration. What is left out takes the service's default."""

    listen: str | None = None
    """`HOST:PORT`, or `unix:PATH`. Port 0: any free one, and the line at start says which."""

    tls: TlsConfig | None = None
    """None: calls come in the clear."""

    workers: int | None = Field(default=None, ge=1, le=1024)
    memory_mib: int | None = Field(default=None, ge=0)
    """Address space of each worker, in MiB; 0: not bounded here."""

    grace_s: float = Field(default=10.0, ge=0)
    """Seconds that calls in flight have when the server is asked to stop."""

    metrics: str | None = None
    """`HOST:PORT` at which Prometheus may ask; None: nowhere."""

    limits: LimitsConfig = LimitsConfig()
    judging: JudgingConfig = JudgingConfig()
    execution: ExecutionConfig = ExecutionConfig()

    @property
    def worker_count(self) -> int:
        """As configured, else a worker for each CPU that this process may use."""
        return self.workers or available_cpus()


def available_cpus() -> int:
    """CPUs that this process may run on."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else (os.cpu_count() or 1)


def load_config(path: Path) -> ServiceConfig:
    """Read a YAML file. Raises StartError that names the file and the path in it."""
    try:
        told: Any = yaml.safe_load(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise StartError(f"{path}: {error.strerror}") from None
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise StartError(f"{path}: is not YAML: {error}") from None
    try:
        return ServiceConfig.model_validate({} if told is None else told)
    except ValidationError as error:
        found = [f"{path}: {where or 'the file'}: {said}" for where, said in problems(error, ServiceConfig)]
        raise StartError("\n".join(found)) from None
