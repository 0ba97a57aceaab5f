"""What can be wrong with a request before any use case sees it: one class per cause."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

_MOST_LISTED = 3
_LONGEST_PLACE = 100


@dataclass(frozen=True, slots=True)
class FieldFault:
    """One fault and its place: the name of a parameter, or a JSON Pointer into the body."""

    message: str
    parameter: str | None = None
    pointer: str | None = None
    code: str | None = None

    def to_json(self) -> dict[str, str]:
        """The members that are known."""
        place = {"parameter": self.parameter, "pointer": self.pointer, "code": self.code}
        known = {name: value for name, value in place.items() if value is not None}
        return {**known, "message": self.message}


class RequestRefused(Exception):
    """Root of the refusals of this module."""

    code: ClassVar[str]
    faults: tuple[FieldFault, ...] = ()
    headers: Mapping[str, str] = {}


class ParametersInvalid(RequestRefused):
    """Parameters of the query or the path are unknown, repeated or out of range."""

    code = "parameter-invalid"

    def __init__(self, faults: tuple[FieldFault, ...]) -> None:
        super().__init__(f"The address cannot be used: {_listed(faults)}.")
        self.faults = faults


class PathNameInvalid(RequestRefused):
    """A name in the path is outside the grammar of names: nothing can have it."""

    code = "name-invalid"

    def __init__(self, parameter: str, message: str) -> None:
        super().__init__(message)
        self.faults = (FieldFault(message, parameter=parameter),)


class BodyInvalid(RequestRefused):
    """The body is JSON, but not what this address takes."""

    code = "body-invalid"

    def __init__(self, faults: tuple[FieldFault, ...]) -> None:
        super().__init__(f"The body cannot be used: {_listed(faults)}.")
        self.faults = faults


class LengthMissing(RequestRefused):
    """The body came in pieces without saying how long it is."""

    code = "length-required"

    def __init__(self) -> None:
        super().__init__("Send the body with a Content-Length header.")


class BodyTooLarge(RequestRefused):
    """The body is larger than the broker reads."""

    code = "body-too-large"

    def __init__(self, limit: int) -> None:
        super().__init__(f"The body may have at most {limit} bytes.")


class MediaTypeUnsupported(RequestRefused):
    """The body is not declared as JSON in UTF-8."""

    code = "media-type-unsupported"

    def __init__(self, media_type: str) -> None:
        came = f"not {media_type[:100]!r}" if media_type else "and none was declared"
        super().__init__(f"Send the body as application/json in UTF-8, {came}.")
        self.headers = {"Accept": "application/json"}


class ContentEncodingUnsupported(RequestRefused):
    """The body is compressed."""

    code = "content-encoding-unsupported"

    def __init__(self) -> None:
        super().__init__("Send the body as it is: compressed bodies are not read.")
        self.headers = {"Accept-Encoding": "identity"}


class ConditionMissing(RequestRefused):
    """The change does not say what it changes: it would undo what others did meanwhile."""

    code = "precondition-required"

    def __init__(self, path: str) -> None:
        super().__init__(
            f"Say what you change: GET {path}, then send the ETag of its answer with the change: "
            'If-Match: "<ETag>". If-Match: * changes it whatever it is by now.'
        )


class HostUnknown(RequestRefused):
    """The request is for a host this broker does not answer to."""

    code = "host-unknown"

    def __init__(self) -> None:
        super().__init__("This broker does not answer to that host name.")


class IdempotencyKeyInvalid(RequestRefused):
    """The key is empty, too long or not printable ASCII."""

    code = "idempotency-key-invalid"

    def __init__(self) -> None:
        super().__init__("An Idempotency-Key has 1 to 255 printable ASCII characters.")


def _listed(faults: tuple[FieldFault, ...]) -> str:
    """The first faults in words; `errors` holds all of them."""
    said = [_in_words(fault) for fault in faults[:_MOST_LISTED]]
    left = len(faults) - len(said)
    return "; ".join([*said, *([f"and {left} more"] if left else [])])


def _in_words(fault: FieldFault) -> str:
    place = fault.parameter or fault.pointer or "it"
    if place == "it" and not fault.message.startswith(("must ", "is ")):
        return fault.message.removesuffix(".")
    place = "".join(each if each.isprintable() else "?" for each in place[:_LONGEST_PLACE])
    colon = ":" if fault.message[:1].isupper() else ""
    return f"{place}{colon} {fault.message.removesuffix('.')}"
