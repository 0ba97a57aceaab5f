"""Reasons that no history can show yet: proofs, and who demands tests."""

import pytest

from broker.domain.can_i_deploy import DeployQuery, ToMain
from broker.domain.matrix import MatrixRow, RowOutcome
from broker.domain.overview import State
from broker.domain.participant import VersionRef
from broker.domain.reasons import reasons_for_row
from broker.domain.rows import FactRow
from broker.domain.states import state_of_rows

SHOP = VersionRef("shop", "1")


def a_row(outcome: RowOutcome) -> FactRow:
    return FactRow(MatrixRow(SHOP, "pricing", "2", "sha256:0", outcome))


@pytest.mark.parametrize("outcome", [RowOutcome.INFERRED, RowOutcome.FITS])
def test_a_proof_counts_unless_tests_are_demanded(outcome):
    assert reasons_for_row(DeployQuery((SHOP,), ToMain()), a_row(outcome)) == ()
    (reason,) = reasons_for_row(DeployQuery((SHOP,), ToMain(), tested_only=True), a_row(outcome))
    assert reason.code == "tests-demanded"
    assert reason.message == f"shop@1 with pricing@2 is {outcome.value}, and tests are demanded."


def test_a_failure_without_details_is_still_a_reason():
    (reason,) = reasons_for_row(DeployQuery((SHOP,), ToMain()), a_row(RowOutcome.FAILED))
    assert reason.message == "shop@1 with pricing@2 failed verification."


def test_the_worst_row_gives_the_state():
    rows = [a_row(outcome).row for outcome in (RowOutcome.FITS, RowOutcome.MISSING)]
    assert state_of_rows(rows) is State.UNKNOWN
    assert state_of_rows([]) is None
