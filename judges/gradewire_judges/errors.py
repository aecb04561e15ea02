"""Everything that can go wrong between a request and a verdict.

JudgeError
├── CardError              the card is wrong; has a path into it
├── NotReady               the judge cannot be opened here
│   ├── BackendMissing         the backend's packages are not installed
│   ├── ModelMissing           there are no weights at the path
│   ├── TestModelRefused       the weights are a test fixture, and the card does not allow one
│   ├── TokenizerUnsuitable    the tokenizer cannot give a text back exactly
│   ├── ModelUnsuitable        tokenizer and weights do not fit each other
│   └── SelfTestFailed         the judge does not do on a known pair what its card says
├── BadRequest             this request cannot be judged; has the field
│   ├── Unencodable            the tokenizer cannot carry this text
│   └── PromptTooLong          what may not be clipped is already too long
└── BackendFailed          the model, not the request, is in trouble
    ├── LowLabelMass           the model wanted to say something that is no label
    ├── CutOff                 it had more to say than the card allows
    ├── Unreadable             what it said is no answer of the card's
    ├── Cancelled              nobody waits for it any more
    └── EndpointFailed         somebody else's service did not answer
        ├── EndpointBusy           it asks to come again later; has the seconds
        ├── EndpointTimeout        it did not answer in the card's time
        ├── EndpointRefused        it does not take the request: address, key, model or settings are wrong
        ├── EndpointBroken         it failed inside, or the connection was lost
        ├── EndpointGarbled        its answer is not of the form that the protocol says
        └── WrongLabel             it said something that is no label

None of them carries a score. `reason` is a code that stays the same from version to version; the message is
for people, says what to do, and is always one line.
"""

from typing import ClassVar


class JudgeError(Exception):
    """Base of all errors of this package."""

    reason: ClassVar[str] = "judge_error"
    """Stable code of the kind of error, in snake case."""

    def __init__(self, message: str) -> None:
        super().__init__(one_line(message))


class CardError(JudgeError):
    """The card is wrong: where in it, what is wrong, and what to do."""

    reason = "card_invalid"

    def __init__(self, message: str, *, path: str = "", source: str = "") -> None:
        where = ": ".join(part for part in (source, path) if part)
        super().__init__(f"{where}: {message}" if where else message)
        self.path = path
        """Place in the card, such as `labels.1.score`; empty where it is the file as a whole."""


class NotReady(JudgeError):
    """The judge cannot be opened here. On the wire: FAILED_PRECONDITION."""

    reason = "judge_not_ready"


class BackendMissing(NotReady):
    """The packages that the card's backend needs are not installed."""

    reason = "backend_missing"


class ModelMissing(NotReady):
    """No model directory, or no weights in it."""

    reason = "model_missing"


class TestModelRefused(NotReady):
    """The weights are a random test fixture, and the card does not say `allow_test_model: true`."""

    reason = "test_model_refused"


class TokenizerUnsuitable(NotReady):
    """The tokenizer changes text beyond Unicode normalisation, so that nobody knows what the judge reads."""

    reason = "tokenizer_unsuitable"


class ModelUnsuitable(NotReady):
    """The weights cannot be used with this tokenizer or this card."""

    reason = "model_unsuitable"


class SelfTestFailed(NotReady):
    """The judge loaded, and then failed its card's golden pair."""

    reason = "self_test_failed"


class BadRequest(JudgeError):
    """This request cannot be judged. The others of its batch can. On the wire: INVALID_ARGUMENT."""

    reason = "bad_request"

    def __init__(self, field: str, message: str) -> None:
        super().__init__(f"{field}: {message}")
        self.field = field
        """Name of the request's field that is wrong."""


class Unencodable(BadRequest):
    """The tokenizer cannot carry this field's text, not even with its odd characters escaped."""

    reason = "unencodable"


class PromptTooLong(BadRequest):
    """Template and request do not fit into the model's context, however much of the data is clipped."""

    reason = "prompt_too_long"


class BackendFailed(JudgeError):
    """The model did not answer, or its answer is no verdict."""

    reason = "backend_failed"


class LowLabelMass(BackendFailed):
    """The labels together have too little probability for their ratio to mean anything."""

    reason = "low_label_mass"

    def __init__(self, mass: float, minimum: float) -> None:
        super().__init__(
            f"the labels have {mass:.2g} of the probability, the card asks for {minimum:g}: "
            "the model does not answer in the form that the template asks for"
        )
        self.mass = mass


class CutOff(BackendFailed):
    """The model had more to say than the card allows: what it had said by then is no verdict."""

    reason = "cut_off"

    def __init__(self, what: str, max_tokens: int) -> None:
        super().__init__(
            f"{what} did not end within {max_tokens} tokens: raise the card's limit, or take another model"
        )


class Unreadable(BackendFailed):
    """What the model said is none of the answers that the card allows."""

    reason = "unreadable_output"


class Cancelled(BackendFailed):
    """Its caller left, or its deadline passed, before the model had answered. On the wire: CANCELLED."""

    reason = "cancelled"

    def __init__(self) -> None:
        super().__init__("nobody waits for this any more: it left the engine")


class EndpointFailed(BackendFailed):
    """Somebody else's service did not answer. On the wire: UNAVAILABLE, but for what the subclasses say."""

    reason = "endpoint_failed"


class EndpointBusy(EndpointFailed):
    """It asks to come again later, and there is no time left to. On the wire: RESOURCE_EXHAUSTED."""

    reason = "endpoint_busy"

    def __init__(self, message: str, retry_after_s: float | None) -> None:
        super().__init__(message)
        self.retry_after_s = retry_after_s
        """Seconds that it asked to wait. None: it did not say."""


class EndpointTimeout(EndpointFailed):
    """It did not answer in the card's time. On the wire: DEADLINE_EXCEEDED."""

    reason = "endpoint_timeout"


class EndpointRefused(EndpointFailed):
    """It does not take the request: address, key, model or settings are wrong. On the wire: FAILED_PRECONDITION."""

    reason = "endpoint_refused"


class EndpointBroken(EndpointFailed):
    """It failed inside, or the connection was lost before the answer was whole."""

    reason = "endpoint_broken"


class EndpointGarbled(EndpointFailed):
    """Its answer is not of the form that the protocol says."""

    reason = "endpoint_garbled"


class WrongLabel(EndpointFailed):
    """It said something that is no label."""

    reason = "wrong_label"


def one_line(text: str) -> str:
    """`text` with line breaks and control characters escaped, so that a log line stays one line."""
    return "".join(c if c.isprintable() else c.encode("unicode_escape", "backslashreplace").decode() for c in text)
