"""How an integration stands in one word, why, and what is worse."""

from datetime import UTC, datetime

import pytest

from broker.domain.decision_facts import LatestResult
from broker.domain.matrix import MatrixRow, RowOutcome, VerificationRef
from broker.domain.overview import IntegrationFacts, OverviewFilter, State
from broker.domain.participant import VersionRef
from broker.domain.publication import Integration, Publication
from broker.domain.states import by_names, gravity, passes, row_from_facts, state_of_rows
from broker.domain.verification import ToolOutcome

NOON = datetime(2030, 1, 1, 12, tzinfo=UTC)


def facts(consumer="shop", producer="pricing", *, at: str | None = "2", **known):
    newest = Publication(consumer, "1", producer, "sha256:0", (), NOON)
    return IntegrationFacts(Integration(consumer, producer), newest, at, **known)


def result(outcome: ToolOutcome, *tools: str) -> LatestResult:
    by = VersionRef("pricing", "2")
    return LatestResult("sha256:0", by, outcome, VerificationRef(1, 1, NOON), tools)


def a_row(outcome: RowOutcome, *, stale=False) -> MatrixRow:
    return MatrixRow(VersionRef("shop", "1"), "pricing", "2", "sha256:0", outcome, stale=stale)


@pytest.mark.parametrize(
    ("known", "state", "because"),
    [
        ({"at": None}, State.PENDING, "No version of pricing has been recorded yet."),
        ({"result": result(ToolOutcome.PASSED)}, State.VERIFIED, "pricing@2 verified it."),
        (
            {"result": result(ToolOutcome.FAILED, "quote", "buy")},
            State.FAILED,
            "pricing@2 failed it: quote, buy.",
        ),
        (
            {"result": result(ToolOutcome.NOT_TESTED, "buy")},
            State.UNKNOWN,
            "pricing@2 left untested: buy.",
        ),
        (
            {"earlier_verified": True},
            State.STALE,
            "pricing@2 verified an earlier content, not this one.",
        ),
        (
            {"verified_by": ("3", "1")},
            State.UNKNOWN,
            "pricing@2 never verified this content; pricing@3, pricing@1 did.",
        ),
        (
            {"consumer_in_environment": ("1",)},
            State.UNKNOWN,
            "It is deployed, and pricing@2 never verified it.",
        ),
        (
            {"consumer_in_environment": ("0",)},
            State.PENDING,
            "It waits for its first verification by pricing.",
        ),
    ],
)
def test_a_state_comes_with_its_sentence(known, state, because):
    row = row_from_facts(facts(**known))

    assert (row.state, row.because) == (state, because)


@pytest.mark.parametrize(
    ("row", "state"),
    [
        (a_row(RowOutcome.FAILED), State.FAILED),
        (a_row(RowOutcome.VERIFIED), State.VERIFIED),
        (a_row(RowOutcome.INFERRED), State.VERIFIED),
        (a_row(RowOutcome.FITS), State.VERIFIED),
        (a_row(RowOutcome.UNKNOWN), State.UNKNOWN),
        (a_row(RowOutcome.MISSING), State.UNKNOWN),
        (a_row(RowOutcome.UNKNOWN, stale=True), State.STALE),
    ],
)
def test_a_row_of_the_matrix_has_a_state(row, state):
    assert state_of_rows([row]) is state


def test_the_worst_row_speaks_for_all():
    rows = [a_row(RowOutcome.VERIFIED), a_row(RowOutcome.FAILED), a_row(RowOutcome.UNKNOWN)]

    assert state_of_rows(rows) is State.FAILED


def test_the_worst_comes_first_and_equals_by_name_whatever_the_case():
    verified = {"result": result(ToolOutcome.PASSED)}
    rows = [
        row_from_facts(each)
        for each in (
            facts("b", "x", **verified),
            facts("A", "Y", **verified),
            facts("z", result=result(ToolOutcome.FAILED, "quote")),
        )
    ]

    assert [row.consumer for row in sorted(rows, key=gravity)] == ["z", "A", "b"]
    assert [by_names(row) for row in rows] == [("b", "x"), ("a", "y"), ("z", "pricing")]


@pytest.mark.parametrize(
    ("wanted", "answer"),
    [
        (OverviewFilter(), True),
        (OverviewFilter(participant="SHOP"), True),
        (OverviewFilter(participant="Pricing"), True),
        (OverviewFilter(participant="stock"), False),
        (OverviewFilter(state=State.PENDING), True),
        (OverviewFilter(state=State.FAILED), False),
        (OverviewFilter(participant="stock", state=State.PENDING), False),
    ],
)
def test_a_filter_asks_for_either_side_and_for_a_state(wanted, answer):
    assert passes(row_from_facts(facts()), wanted) is answer
