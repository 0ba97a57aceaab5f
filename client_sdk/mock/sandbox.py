"""The sandbox: tools by name over one bank, with idempotency keys, states and a clean reset."""

from __future__ import annotations

import threading
from collections.abc import Iterable
from copy import deepcopy
from dataclasses import replace
from typing import Final

from client_sdk.clock import Clock, SystemClock
from client_sdk.contract.document import canonical_json
from client_sdk.contract.values import JsonObject, JsonValue
from client_sdk.exchange import Result
from client_sdk.mock.answers import ToolAnswer, ToolRefused, problem
from client_sdk.mock.bank import Bank
from client_sdk.mock.behaviours import BEHAVIOURS
from client_sdk.mock.inputs import Inputs
from client_sdk.mock.money import written
from client_sdk.mock.states import prepare
from client_sdk.mock.tools import TOOLS

IDEMPOTENCY_MEMBER: Final = "idempotency_key"


class Sandbox:
    """A gateway with every tool of the guide; safe between threads.

    Example:
        >>> sandbox = Sandbox()
        >>> sandbox.execute("deposit", {"agent_id": "test-a", "amount": "5.00"}).body["balance"]
        '5.00'
    """

    def __init__(self, *, clock: Clock | None = None, behaviours: Iterable[str] = ()) -> None:
        self._clock = clock or SystemClock()
        self._behaviours = [BEHAVIOURS[name] for name in behaviours]
        self._lock = threading.RLock()
        self._bank = Bank(self._clock)
        self._answered: dict[tuple[str, str], tuple[bytes, ToolAnswer]] = {}

    def execute(self, tool: str, input_data: JsonValue) -> Result:
        """Call a tool and give its answer as every client of the kit does."""
        answer = self.answer(tool, input_data)
        return Result(answer.status, deepcopy(answer.body), answer.headers)

    def answer(self, tool: str, input_data: JsonValue) -> ToolAnswer:
        """Call a tool and give what goes on the wire, changed by the behaviours."""
        with self._lock:
            answer = self._sound_answer(tool, input_data)
            self._bank.check()
        for behaviour in self._behaviours:
            answer = behaviour(answer)
        return answer

    def set_state(self, state: str, params: JsonObject) -> None:
        """Begin anew with a provider state.

        Raises:
            ToolRefused: there is no such state, or its parameters cannot be used.
        """
        with self._lock:
            self.reset()
            prepare(self._bank, state, params)
            self._bank.check()

    def reset(self) -> None:
        """Forget everything: money, escrows and idempotency keys."""
        with self._lock:
            self._bank = Bank(self._clock)
            self._answered = {}

    def snapshot(self) -> JsonObject:
        """Give the wallets and escrows as JSON, for a look at what a test did."""
        with self._lock:
            wallets: list[JsonValue] = [
                {
                    "agent_id": account.owner,
                    "currency": account.currency,
                    "balance": written(amount),
                }
                for account, amount in self._bank.ledger.balances().items()
                if account.kind == "wallet"
            ]
            escrows: list[JsonValue] = [escrow.to_json() for escrow in self._bank.escrows()]
            return {"wallets": wallets, "escrows": escrows}

    def assert_ledger_balanced(self) -> None:
        """Make sure that money was neither made nor lost.

        Raises:
            LedgerUnbalanced: it was.
        """
        with self._lock:
            self._bank.check()

    def _sound_answer(self, tool: str, input_data: JsonValue) -> ToolAnswer:
        act = TOOLS.get(tool)
        if act is None:
            return problem(404, "tool-unknown", f"There is no tool {tool!r}.", known=[*TOOLS])
        key = input_data.get(IDEMPOTENCY_MEMBER) if isinstance(input_data, dict) else None
        try:
            if key is not None:
                return self._once(tool, input_data, key)
            return ToolAnswer(200, act(self._bank, Inputs(input_data)))
        except ToolRefused as refused:
            return refused.answer

    def _once(self, tool: str, input_data: JsonValue, key: JsonValue) -> ToolAnswer:
        """Act once per key: a repeated call gets the first answer, another input a 409."""
        inputs = Inputs(input_data)
        inputs.name(IDEMPOTENCY_MEMBER)
        inputs.check()
        place, content = (tool, str(key)), canonical_json(input_data)
        known = self._answered.get(place)
        if known is not None and known[0] != content:
            detail = "This idempotency key was used with another input."
            raise ToolRefused(409, "idempotency-key-reused", detail)
        if known is not None:
            headers = {**known[1].headers, "idempotent-replay": "true"}
            return replace(known[1], headers=headers)
        answer = ToolAnswer(200, TOOLS[tool](self._bank, inputs))
        # a refusal is not kept: the same call may succeed after a deposit
        self._answered[place] = (content, answer)
        return answer
