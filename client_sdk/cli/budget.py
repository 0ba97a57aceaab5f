"""`tally budget`: cap what a test key can spend, and see how much of it is left."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import click

from client_sdk.cli.answer import Answer, Case, Table
from client_sdk.cli.exits import Exit
from client_sdk.cli.options import output_options, say
from client_sdk.contract.values import JsonObject
from client_sdk.exchange import BudgetRefused, ToolClient, configure_test_budget
from client_sdk.exchange.budget import (
    DEFAULT_CURRENCY,
    DEFAULT_PER_RUN,
    DEFAULT_PER_TRANSACTION,
    SANDBOX_URL,
    WRITTEN,
    bearer,
)

KEY_VARIABLES = ["GREENHELIX_SANDBOX_KEY", "GREENHELIX_STAGING_KEY", "GREENHELIX_API_KEY"]
_SUCCESS = range(200, 300)
_GATEWAY = click.option(
    "--base-url", default=SANDBOX_URL, show_default=True, help="Where the gateway is."
)
_AGENT = click.option("--agent-id", required=True, envvar="AGENT_ID", help="Whose budget.")
_KEY = click.option("--api-key", envvar=KEY_VARIABLES, default="", help="Lets the caller in.")


@click.group("budget")
def budget() -> None:
    """What a test agent may spend."""


@budget.command("set")
@_GATEWAY
@_AGENT
@_KEY
@click.option("--daily", default="5.00", show_default=True)
@click.option("--monthly", default="50.00", show_default=True)
@click.option("--per-transaction", default=DEFAULT_PER_TRANSACTION, show_default=True)
@click.option("--currency", default=DEFAULT_CURRENCY, show_default=True)
@output_options
def set_cap(**given: Any) -> int:  # noqa: ANN401 - click hands over one value per option
    """Cap on the gateway what an agent can spend; exits 1 when the gateway does not."""
    limits = {name: given[name] for name in ("daily", "monthly", "per_transaction")}
    try:
        result = configure_test_budget(
            given["api_key"],
            given["agent_id"],
            base_url=given["base_url"],
            currency=given["currency"],
            **limits,
        )
    except ValueError as error:
        raise click.UsageError(str(error)) from error
    except BudgetRefused as error:
        click.echo(f"tally: {error}", err=True)
        return Exit.FAILED
    rows = tuple((name, str(value), given["currency"]) for name, value in limits.items())
    say(
        Answer(
            data=result.body,
            headline=f"{given['agent_id']} is capped",
            tables=(Table(("cap", "amount", "currency"), rows),),
            cases=(Case("budget set", given["agent_id"]),),
        ),
        given["output"],
        given["output_file"],
    )
    return Exit.OK


@budget.command("check")
@_GATEWAY
@_AGENT
@_KEY
@click.option("--needs", default=DEFAULT_PER_RUN, show_default=True, help="What a run will spend.")
@click.option("--currency", default=DEFAULT_CURRENCY, show_default=True)
@output_options
def check(**given: Any) -> int:  # noqa: ANN401 - click hands over one value per option
    """Say whether an agent's balance covers a run; exits 1 when not, 3 when nobody can say."""
    needs = _decimal(given["needs"])
    if needs is None:
        raise click.UsageError(f'--needs is {given["needs"]!r}: give a decimal such as "5.00"')
    balance = _balance(given)
    word, code = _covered(balance, needs)
    has = "nobody knows what" if balance is None else f"{balance} {given['currency']}"
    data = {
        "agent_id": given["agent_id"],
        "answer": word,
        "balance": None if balance is None else str(balance),
        "needs": str(needs),
        "currency": given["currency"],
    }
    failure = None if code is Exit.OK else word
    answer = Answer(
        data=data,
        headline=f"{word}: {given['agent_id']} has {has}, a run needs {needs}",
        cases=(Case("budget check", given["agent_id"], failure=failure),),
    )
    say(answer, given["output"], given["output_file"])
    return code


def _balance(given: dict[str, Any]) -> Decimal | None:
    client = ToolClient(given["base_url"], headers=bearer(given["api_key"]))
    content: JsonObject = {"agent_id": given["agent_id"], "currency": given["currency"]}
    result = client.execute("get_balance", content)
    client.close()
    if result.status_code not in _SUCCESS or not isinstance(result.body, dict):
        return None
    return _decimal(result.body.get("balance"))


def _covered(balance: Decimal | None, needs: Decimal) -> tuple[str, Exit]:
    if balance is None:
        return "unknown", Exit.INCONCLUSIVE
    return ("covered", Exit.OK) if balance >= needs else ("not covered", Exit.FAILED)


def _decimal(value: object) -> Decimal | None:
    """An amount as a decimal string; None for anything else, a number too: it may be rounded."""
    is_written = isinstance(value, str) and WRITTEN.fullmatch(value) is not None
    amount = Decimal(value) if isinstance(value, str) and is_written else None
    return amount if amount is not None and amount >= 0 else None
