"""The layers that a call passes until one answers, each call written down."""

from __future__ import annotations

import warnings
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from client_sdk.clock import Clock
from client_sdk.contract.errors import ContractError
from client_sdk.contract.validation import Violation
from client_sdk.contract.values import JsonValue
from client_sdk.mock.agreement import Agreeable, AgreedTool, Agreement
from client_sdk.mock.answers import MockResponse, NoAnswer, ToolRefused, problem
from client_sdk.mock.call_log import CallLog, LoggedCall
from client_sdk.mock.matching import copied
from client_sdk.mock.programming import Programmable, unknown_tool

UNKNOWN_TOOL: Final = "unknown-tool"
BREACH: Final = "breach"
LOUD: Final = frozenset({UNKNOWN_TOOL, BREACH})


class MockMisused(UserWarning):
    """A strict mock was asked for a tool it does not know, or told to break its contract."""


@dataclass(frozen=True, slots=True)
class Decision:
    """What is answered, by which layer, and why the call was turned away if it was."""

    answer: MockResponse
    by: str
    rejected: str | None = None


class Answering(Programmable):
    """Decides what is answered: by the programme, a simulation, or an agreement."""

    def __init__(
        self,
        *,
        clock: Clock | None = None,
        seed: int = 0,
        contract: Agreeable | None = None,
        strict: bool = True,
    ) -> None:
        super().__init__(clock=clock, strict=strict)
        if isinstance(seed, bool) or not isinstance(seed, int):
            raise TypeError(f"seed is a whole number, not {seed!r}")
        self.seed = seed
        self._log = CallLog()
        self._agreement = None if contract is None else Agreement(contract, seed=seed)

    def answer(self, tool: str, input_data: JsonValue) -> MockResponse:
        """Decide on a call and log it, without letting its delay pass.

        Raises:
            NoAnswer: the mock keeps silent for this tool.
            TypeError: the tool is no text.
            ValueError: the input is nested too deeply to be JSON that anybody reads.
        """
        if not isinstance(tool, str):
            raise TypeError(f"tool is the name of a tool, not {tool!r}")
        try:
            given = copied(input_data)
        except RecursionError:
            raise ValueError("input_data is nested too deeply: flatten it") from None
        with self._lock:
            called_at = self.clock.time()
            try:
                decided = self._decided(tool, given)
            except Exception as error:
                by = "no-answer" if isinstance(error, NoAnswer) else "exception"
                self._log.add(LoggedCall(tool, given, called_at, None, by, str(error)))
                raise
            status = decided.answer.status_code
            self._log.add(LoggedCall(tool, given, called_at, status, decided.by, decided.rejected))
        if decided.by in LOUD and self.strict:
            warnings.warn(decided.rejected or tool, MockMisused, stacklevel=3)
        return decided.answer

    def _decided(self, tool: str, input_data: JsonValue) -> Decision:
        programme = self._programme
        if (refused := programme.limits.refusal(tool, self.clock.monotonic())) is not None:
            return Decision(refused, "rate-limit", f"{tool} was called too often")
        if tool in programme.silences:
            raise NoAnswer(tool, programme.silences[tool])
        if programme.errors and (error := programme.next_error(tool)) is not None:
            return Decision(error, "error")
        try:
            return self._answered(tool, input_data)
        except ToolRefused as refusal:
            return Decision(refusal.answer, "refusal")
        except ContractError as error:  # a caller in this process may send what is no JSON
            return Decision(problem(422, "input-invalid", str(error)), "contract", str(error))

    def _answered(self, tool: str, input_data: JsonValue) -> Decision:
        agreed = None if self._agreement is None else self._agreement.tool(tool)
        if agreed is None:
            return self._by_layers(tool, input_data, None)
        if faults := agreed.faults_of_input(input_data):
            detail = "The input is not one that was agreed."
            refused = problem(422, "input-invalid", detail, errors=_errors(faults))
            return Decision(refused, "contract", faults[0].message)
        decided = self._by_layers(tool, input_data, agreed)
        if faults := agreed.faults_of_answer(decided.answer):
            detail = f"The mock's answer of {tool} is not one that was agreed: {faults[0].message}"
            broken = problem(500, "answer-not-agreed", detail, errors=_errors(faults))
            return Decision(broken, BREACH, detail)
        return decided

    def _by_layers(self, tool: str, input_data: JsonValue, agreed: AgreedTool | None) -> Decision:
        programme = self._programme
        if (answer := programme.set_response(tool, input_data)) is not None:
            return Decision(answer, "response")
        if (answer := programme.scenario_answer(tool, input_data)) is not None:
            return Decision(answer, "scenario")
        if (function := programme.handlers.get(tool)) is not None:
            return Decision(_as_response(function(copied(input_data))), "handler")
        if (answer := self._simulated(tool, input_data)) is not None:
            return Decision(answer, "simulation")
        if agreed is not None and self._agreement is not None:
            return Decision(self._agreement.answer(agreed, input_data), "contract")
        known = self.tools()
        is_known = tool in known or tool in programme.responses
        said = _used_up(tool) if is_known else unknown_tool(tool, known)
        return Decision(problem(404, "tool-unknown", said, known=[*known]), UNKNOWN_TOOL, said)

    def _simulated_tools(self) -> Iterable[str]:
        return () if self._agreement is None else self._agreement.tools

    def _simulated(self, tool: str, input_data: JsonValue) -> MockResponse | None:
        """Answer by what the mock simulates; None when it has no such tool."""


def _errors(faults: tuple[Violation, ...]) -> list[JsonValue]:
    return [{"pointer": each.path, "message": each.message} for each in faults]


def _used_up(tool: str) -> str:
    return (
        f"every response set for {tool!r} was given, or neither its `when` nor a step of a "
        "scenario is met: set one more"
    )


def _as_response(given: MockResponse | JsonValue) -> MockResponse:
    return given if isinstance(given, MockResponse) else MockResponse(body=copied(given))
