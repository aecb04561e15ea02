"""A card's `endpoint`: where a model runs that is asked over HTTP, and how."""

from typing import Annotated, Literal
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, field_validator


class Endpoint(BaseModel):
    """An OpenAI-compatible chat service. What it does with the text that it is sent is out of our reach."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    url: Annotated[str, StringConstraints(pattern=r"^https?://[^\s@?#]+$")]
    """Base of the API, up to and with the version, such as `http://127.0.0.1:8000/v1`. Holds no key."""

    model: Annotated[str, StringConstraints(min_length=1)]
    """The model's name there."""

    key_env: Annotated[str, StringConstraints(pattern=r"^[A-Za-z_][A-Za-z0-9_]*$")] | None = None
    """Environment variable that holds the key. Absent: no key is sent. The key stands in no file, message or log."""

    answers: Literal["logprobs", "said"] = "logprobs"
    """`logprobs`: labels are read off the probabilities of the first tokens. `said`: the endpoint tells none, and the
    label that it says is taken; such a verdict has no probabilities."""

    constrain: Literal["structured_outputs", "guided_choice"] | None = None
    """The request's field that restricts what is said to given choices: vLLM's, and vLLM's before 0.12. Absent: the
    endpoint has none, and what is no label is an error. It is not used with `answers: logprobs` (which would then tell
    nothing of the label mass), but for labels that are said, and for extraction."""

    top_logprobs: Annotated[int, Field(ge=1, le=20)] = 20
    """Alternatives that are asked for at each place."""

    max_answer_tokens: Annotated[int, Field(ge=1, le=65_536)] = 16
    """Tokens for a label, the endpoint's own reasoning included."""

    timeout_s: Annotated[float, Field(gt=0, le=3600, strict=False)] = 60.0
    """Seconds for one answer, all attempts and the waits between them included."""

    retries: Annotated[int, Field(ge=0, le=10)] = 2
    """Further attempts after 429, 500, 502, 503, 504 and a lost connection. Retry-After is honoured where
    `timeout_s` has room for it."""

    concurrency: Annotated[int, Field(ge=1, le=1024)] = 16
    """Calls at once."""

    @field_validator("url")
    @classmethod
    def _can_be_dialled(cls, url: str) -> str:
        try:
            urlsplit(url).port  # noqa: B018 - the property raises
        except ValueError as error:
            raise ValueError(f"no address: {error}") from None
        return url
