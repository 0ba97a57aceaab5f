"""What every `tally bench` command does: hold limits, read files, leave with a verdict."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Final

import click

from client_sdk.bench import BenchmarkResult, GateOutcome, Verdict, check_gates, gate_contract
from client_sdk.cli.exits import Exit
from client_sdk.contract.model import Contract

_EXITS: Final = {Verdict.PASS: Exit.OK, Verdict.FAIL: Exit.FAILED}


def exit_of(verdict: Verdict) -> Exit:
    """0 for a pass, 1 for a failure, 3 for whatever was not shown."""
    return _EXITS.get(verdict, Exit.INCONCLUSIVE)


def outcomes_of(
    results: Sequence[BenchmarkResult], expressions: Sequence[str], contract: Contract | None
) -> list[GateOutcome]:
    """Hold written limits, and the expectations of a contract, against results."""
    outcomes = list(check_gates(results, expressions))
    if contract is not None:
        outcomes += gate_contract(results, contract)
    return outcomes


@contextmanager
def usage_faults() -> Iterator[None]:
    """A number, gate or file that cannot be used is a fault of the call."""
    try:
        yield
    except OSError as error:
        raise click.UsageError(f"{error.filename}: {error.strerror}") from error
    except ValueError as error:
        raise click.UsageError(str(error)) from error
