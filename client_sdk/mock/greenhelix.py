"""The mock of the guide's gateway: every tool it mentions, over a double-entry ledger."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from decimal import Decimal
from typing import Final, cast

from client_sdk.clock import Clock
from client_sdk.contract.values import JsonObject, JsonValue
from client_sdk.exchange import Result
from client_sdk.mock.agreement import Agreeable
from client_sdk.mock.answering import Decision
from client_sdk.mock.answers import MockResponse
from client_sdk.mock.behaviours import BEHAVIOURS
from client_sdk.mock.gateway import TOOLS, answer_of
from client_sdk.mock.inputs import check_agent
from client_sdk.mock.listing import ListedTool, gateway_offer, listed
from client_sdk.mock.money import (
    DEFAULT_CURRENCY,
    amount_from,
    as_on_the_wire,
    currency_from,
    exact,
    written,
)
from client_sdk.mock.registry import trust_from
from client_sdk.mock.states import is_state, prepare
from client_sdk.mock.tool_mock import ToolMock
from client_sdk.mock.world import World

MONEY: Final = frozenset({"amount", "price", "max_price", "per_transaction", "daily", "monthly"})


class GreenHelixMock(ToolMock):
    """The guide's gateway in this process, or on loopback through `serve`.

    Args:
        clock: stamps everything; escrows expire on it. The machine's clock when not given.
        seed: part of every id, so that mocks of different seeds never share one.
        contract: see `ToolMock`; tools that the gateway has not are answered from it.
        strict: whether an unknown tool is more than a 404.
        ledger: whether a payer must have what it spends; otherwise it is lent what it lacks.
        behaviours: breaks the build on purpose, see `BEHAVIOURS`.

    Example:
        >>> mock = GreenHelixMock()
        >>> mock.set_balance("test-a", "50.00")
        >>> escrow = {"payer": "test-a", "payee": "test-b", "amount": "10.00"}
        >>> mock.execute("create_escrow", escrow)["body"]["status"]
        'pending'
        >>> mock.execute("get_balance", {"agent_id": "test-a"})["body"]["balance"]
        '40.00'
    """

    def __init__(  # noqa: PLR0913 - one door, all of it optional
        self,
        *,
        clock: Clock | None = None,
        seed: int = 0,
        contract: Agreeable | None = None,
        strict: bool = True,
        ledger: bool = True,
        behaviours: Iterable[str] = (),
    ) -> None:
        super().__init__(clock=clock, seed=seed, contract=contract, strict=strict)
        self._is_generous = not ledger
        self._behaviours = [BEHAVIOURS[name] for name in behaviours]
        self._begin_anew()

    def execute(self, tool: str, input_data: JsonValue) -> Result:
        """Call a tool as `ToolMock.execute` does; its amounts may be Decimals here.

        Raises:
            NoAnswer: the mock keeps silent for this tool; also a `TimeoutError`.
        """
        if tool in TOOLS and isinstance(input_data, dict):
            written_out = {
                name: as_on_the_wire(value) if name in MONEY else value
                for name, value in input_data.items()
            }
            return self._called(tool, cast("JsonValue", written_out))
        return self._called(tool, input_data)

    def set_balance(
        self, agent_id: str, balance: str | Decimal, currency: str = DEFAULT_CURRENCY
    ) -> None:
        """Let an agent have exactly so much.

        Raises:
            ValueError: the balance is no Decimal nor a decimal string such as "10.00", or the
                currency none, or nobody can have that name.
        """
        check_agent(agent_id)
        currency = currency_from(currency)
        with self._lock, exact():
            amount = amount_from(as_on_the_wire(balance))
            self._state.bank.set_balance(agent_id, amount, currency)

    def set_trust_score(self, agent_id: str, trust_score: Decimal | str) -> None:
        """Let an agent be trusted so far, from 0 to 1; it is registered if it was not.

        Raises:
            ValueError: the score is no number from 0 to 1.
        """
        check_agent(agent_id)
        with self._lock:
            self._state.registry.trust(agent_id, trust_from(trust_score), self._state.now())

    def on_delivery(self, receiver: Callable[[JsonObject], object]) -> None:
        """Call a function with every webhook delivery, as the receiver of the message would be."""
        with self._lock:
            self._state.webhooks.receivers.append(receiver)

    def assert_ledger_balanced(self) -> None:
        """Make sure that money was neither made nor lost.

        Raises:
            LedgerUnbalanced: it was; an AssertionError.
        """
        with self._lock, exact():
            self._state.bank.check()

    def books(self) -> JsonObject:
        """Give the wallets and escrows as JSON, for a look at what a test did."""
        with self._lock, exact():
            bank = self._state.bank
            bank.settle_expired()
            wallets: list[JsonValue] = [
                {
                    "agent_id": account.owner,
                    "currency": account.currency,
                    "balance": written(amount),
                }
                for account, amount in bank.ledger.balances().items()
                if account.kind == "wallet"
            ]
            escrows: list[JsonValue] = [escrow.to_json() for escrow in bank.escrows()]
            return {"wallets": wallets, "escrows": escrows}

    def set_state(self, state: str, params: JsonObject) -> None:
        """Begin anew with a provider state; what a test programmed stays.

        Raises:
            ToolRefused: there is no such state, or its parameters cannot be used.
        """
        with self._lock, exact():
            self._begin_anew()
            is_agreed = self._agreement is not None and self._agreement.knows_state(state)
            if self._agreement is not None and is_agreed:
                self._agreement.enter(state, params)
            if is_state(state) or not is_agreed:
                prepare(self._state, state, params)
            self._state.bank.check()

    def _decided(self, tool: str, input_data: JsonValue) -> Decision:
        decided = super()._decided(tool, input_data)
        for behaviour in self._behaviours:
            decided = replace(decided, answer=behaviour(decided.answer))
        return decided

    def _simulated_tools(self) -> Iterable[str]:
        return {*TOOLS, *super()._simulated_tools()}

    def _simulated(self, tool: str, input_data: JsonValue) -> MockResponse | None:
        with exact():
            answer = answer_of(self._state, tool, input_data)
            self._state.bank.ledger.check_movements()
        return answer

    def _listed(self, tool: str) -> ListedTool:
        offered = gateway_offer().tool(tool)
        return super()._listed(tool) if offered is None else listed(offered)

    def _begin_anew(self) -> None:
        super()._begin_anew()
        self._state = World(self.clock, seed=self.seed, is_generous=self._is_generous)

    def _world(self) -> World:
        return self._state.copied()

    def _put_back(self, world: object) -> None:
        self._state = cast("World", world).copied()
