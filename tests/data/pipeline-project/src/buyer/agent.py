"""The buyer: holds money for a piece of work, and pays when the work is there."""

from __future__ import annotations

from typing import Any, Protocol

ATTEMPTS = 4


class Gateway(Protocol):
    """Anything that calls tools."""

    def execute(self, tool: str, input_data: dict[str, Any]) -> Any: ...


class NotPaid(Exception):
    """The gateway did not do what was asked; nothing was paid twice."""


class Buyer:
    """Pays through `api`; every order has a key, so that a repeated call is one call."""

    def __init__(self, api: Gateway, agent_id: str) -> None:
        self.api = api
        self.agent_id = agent_id

    def pay(self, order: str, payee: str, amount: str) -> str:
        """Hold the money, release it, and give the escrow's id."""
        held = self._call(
            "create_escrow",
            {
                "payer": self.agent_id,
                "payee": payee,
                "amount": amount,
                "idempotency_key": f"{order}-hold",
            },
        )
        released = self._call(
            "release_escrow",
            {
                "escrow_id": held["escrow_id"],
                "agent_id": self.agent_id,
                "idempotency_key": f"{order}-release",
            },
        )
        if released["status"] != "released":
            raise NotPaid(f"{order}: the escrow is {released['status']}")
        return str(held["escrow_id"])

    def _call(self, tool: str, input_data: dict[str, Any]) -> dict[str, Any]:
        for _ in range(ATTEMPTS):
            result = self.api.execute(tool, input_data)
            if result["status_code"] < 500:
                break
        if result["status_code"] != 200:
            raise NotPaid(f"{tool}: the gateway answered {result['status_code']}")
        body: dict[str, Any] = result["body"]
        return body
