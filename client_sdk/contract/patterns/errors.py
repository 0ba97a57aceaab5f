"""Why a pattern is refused: it is wrong, or it says more than the engine decides."""

from client_sdk.contract.errors import ContractError, Fault


class PatternRefused(ContractError):
    """A pattern that cannot be compiled, with the place where reading stopped.

    ``source`` is the pattern as written, ``position`` the index of the offending
    character in it, ``reason`` a short stable word.
    """

    code = "pattern-refused"

    def __init__(self, source: str, position: int, reason: str, message: str) -> None:
        sentence = f"{message} (at character {position} of the pattern)"
        super().__init__(sentence, (Fault(code=self.code, pointer="", message=sentence),))
        self.source = source
        self.position = position
        self.reason = reason


class PatternInvalid(PatternRefused):
    """Not an ECMA-262 pattern."""

    code = "pattern-invalid"


class PatternUnsupported(PatternRefused):
    """A pattern outside what the engine decides, such as a back-reference."""

    code = "pattern-unsupported"
