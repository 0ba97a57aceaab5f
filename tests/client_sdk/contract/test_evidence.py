"""Evidence: what is not tried on its own is in doubt, and says why."""

import time

from evolve_claims import INTEGER, TEXT, contract, obj, sends, tool

from client_sdk.contract.changes.tools import tool_changes
from client_sdk.contract.compat import Budget
from client_sdk.contract.evidence import Evidence
from client_sdk.contract.questions import Ledger


def test_changes_that_time_did_not_reach_are_in_doubt_and_share_one():
    old, new = (
        contract(tool(**sends(obj(a=one, b=one, c=one)))).tool("quote") for one in (TEXT, INTEGER)
    )
    ledger = Ledger(Budget(wall_seconds=60))
    changes = tool_changes(old, new)
    evidence = Evidence(old, new, changes, ledger)
    ledger.began = time.monotonic() - 61

    found = [evidence.about(change) for change in changes]

    reasons = {(each.verdict, each.reason) for obligations in found for each in obligations}
    assert reasons == {("undecided", "budget-wall")}
    assert len({id(obligations[0]) for obligations in found}) == 1
    assert {whole.verdict for _, whole in evidence.unexplained()} == {"refuted"}
