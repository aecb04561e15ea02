"""A judge's errors as ours: none carries a score, and each says whether trying again can help."""

from gradewire_judges import BackendFailed, BadRequest, JudgeError, NotReady
from gradewire_judges.errors import Cancelled, EndpointBusy, EndpointFailed, EndpointRefused, EndpointTimeout
from gradewire_services.errors import (
    BackendBusy,
    BackendDown,
    BadSample,
    CalledOff,
    GraderFailed,
    GradewireError,
    Missing,
    TimedOut,
)
from gradewire_services.graders.bench import not_ready


def in_our_words(error: JudgeError) -> GradewireError:
    """A judge's error as one of ours, under the same reason."""
    reason, told = error.reason.upper(), str(error)
    match error:
        case BadRequest():
            return BadSample.at(error.field, told.removeprefix(f"{error.field}: "))
        case NotReady():
            return not_ready(error)
        case Cancelled():
            return CalledOff(told)
        case EndpointBusy():
            return BackendBusy(told, reason=reason, retry_after_s=error.retry_after_s)
        case EndpointTimeout():
            return TimedOut(told, reason=reason)
        case EndpointRefused():
            return Missing(told, reason=reason)
        case EndpointFailed():
            return BackendDown(told, reason=reason)
        case BackendFailed():
            return GraderFailed(told, reason=reason)
        case _:
            return GraderFailed(told, reason="JUDGE_FAILED")
