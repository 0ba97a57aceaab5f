"""Recording verifications, and what a producer build must verify."""

from dataclasses import replace

import pytest
from builders import World, failed, not_tested, passed

from broker.domain.errors import (
    ContentUnknown,
    ContractUnknown,
    ParticipantUnknown,
    ToolsNotReported,
    VerificationInvalid,
    VerificationUnknown,
)
from broker.domain.paging import Page
from broker.domain.verification import ToolOutcome
from broker.services import participants, publishing, verifying
from broker.services.verifying import VerificationRequest
from broker.storage import tool_results as stored_results


def to_verify(world, **about):
    return verifying.contracts_to_verify(world.store, "pricing", **about)


def test_a_result_is_numbered_per_pair_and_brings_its_version(world):
    world.publishes("shop@1", "pricing")
    world.publishes("web@1", "pricing")
    world.verifies("pricing@1", "shop@1", branch="main")
    world.verifies("pricing@1", "web@1")
    third = world.verifies("pricing@2", "shop@1", failed())
    assert third.number == 2
    assert third.outcome is ToolOutcome.FAILED
    assert verifying.get_verification(world.store, third.id) == third
    assert participants.get_version(world.store, "pricing", "1").branches == ("main",)
    assert participants.get_participant(world.store, "pricing").main_branch == "main"


def test_every_tool_must_be_reported_exactly_once(world):
    world.publishes("shop@1", "pricing", ["quote", "refund", "order"])
    with pytest.raises(ToolsNotReported) as refused:
        world.verifies("pricing@1", "shop@1", passed("quote"), passed("quote"), passed("other"))
    assert refused.value.missing == ("order", "refund")
    assert refused.value.repeated == ("quote",)
    assert refused.value.unexpected == ("other",)
    assert len(refused.value.faults) == 4
    assert participants.list_versions(world.store, "pricing", Page()).items == ()


def test_nothing_passes_without_a_check(world):
    world.publishes("shop@1", "pricing")
    with pytest.raises(VerificationInvalid):
        world.verifies("pricing@1", "shop@1", passed(checks=0))


def test_nothing_passes_with_an_error_found(world):
    world.publishes("shop@1", "pricing")
    warned, found = ({"severity": "warning"},), ({"severity": "warning"}, {"severity": "error"})
    with pytest.raises(VerificationInvalid) as refused:
        world.verifies("pricing@1", "shop@1", replace(passed(), violations=found))
    assert [fault.pointer for fault in refused.value.faults] == ["/tools/0/violations"]
    stored = world.verifies("pricing@1", "shop@1", replace(passed(), violations=warned))
    assert stored.outcome is ToolOutcome.PASSED


def test_a_contract_may_be_named_by_its_digest(world):
    digest = world.publishes("shop@1", "pricing").publication.digest
    request = VerificationRequest("pricing", "1", (passed(),), contract_digest=digest)
    stored = verifying.record_verification(world.store, request, clock=world.clock)
    assert (stored.consumer, stored.contract_digest) == ("shop", digest)


def test_a_contract_that_is_not_there_is_named(world):
    world.publishes("shop@1", "pricing")
    with pytest.raises(ContractUnknown):
        world.verifies("pricing@1", "shop@2")
    request = VerificationRequest("pricing", "1", (passed(),), contract_digest="sha256:0")
    with pytest.raises(ContentUnknown):
        verifying.record_verification(world.store, request, clock=world.clock)
    unnamed = VerificationRequest("pricing", "1", (passed(),))
    with pytest.raises(VerificationInvalid):
        verifying.record_verification(world.store, unnamed, clock=world.clock)


def test_a_contract_for_another_producer_is_refused(world):
    digest = world.publishes("shop@1", "pricing").publication.digest
    request = VerificationRequest("stock", "1", (passed(),), contract_digest=digest)
    with pytest.raises(VerificationInvalid) as refused:
        verifying.record_verification(world.store, request, clock=world.clock)
    assert refused.value.faults[0].pointer == "/producer"


def test_verifications_are_listed_newest_first(world):
    world.publishes("shop@1", "pricing")
    world.verifies("pricing@1", "shop@1")
    world.verifies("pricing@2", "shop@1")
    first = verifying.list_verifications(world.store, Page(limit=1), producer="pricing")
    assert [v.version for v in first.items] == ["2"]
    rest = verifying.list_verifications(world.store, Page(first.next, 1), producer="pricing")
    assert [v.version for v in rest.items] == ["1"]
    assert rest.next is None


def test_a_verification_that_is_not_there_is_unknown(world):
    with pytest.raises(VerificationUnknown):
        verifying.get_verification(world.store, 5)


def test_heads_of_main_and_of_the_like_named_branch_and_what_is_placed_are_verified(world):
    world.has_environment()
    world.publishes("shop@1", "pricing", ["a"], branch="main")
    world.publishes("shop@2", "pricing", ["b"], branch="main")
    world.publishes("shop@3", "pricing", ["c"], branch="feature")
    world.publishes("shop@4", "pricing", ["d"], branch="other")
    world.publishes("shop@5", "pricing", ["e"])
    world.releases("shop@5")
    needed = to_verify(world, branch="feature")
    assert [each.versions for each in needed] == [("5",), ("3",), ("2",)]
    assert [each.why for each in needed] == [
        ("deployed to or supported in production",),
        ("newest of shop on branch feature, like this build",),
        ("newest on the main branch of shop",),
    ]


def test_equal_content_of_several_versions_is_verified_once(world):
    world.has_environment()
    world.publishes("shop@1", "pricing", branch="main")
    world.publishes("shop@2", "pricing", branch="main")
    world.deploys("shop@1")
    (needed,) = to_verify(world)
    assert needed.versions == ("2", "1")
    assert not needed.pending


def test_new_content_is_pending_until_the_branch_passed_it(world):
    world.publishes("shop@1", "pricing", branch="main")
    assert [each.pending for each in to_verify(world, branch="feature")] == [True]
    world.verifies("pricing@1", "shop@1", failed(), branch="feature")
    assert [each.pending for each in to_verify(world, branch="feature")] == [True]
    world.verifies("pricing@2", "shop@1", branch="feature")
    assert [each.pending for each in to_verify(world, branch="feature")] == [False]
    assert [each.pending for each in to_verify(world, branch="other")] == [True]


def test_content_that_passed_on_the_producers_main_branch_is_pending_nowhere(world):
    world.publishes("shop@1", "pricing", branch="main")
    world.verifies("pricing@1", "shop@1", branch="main")
    assert [each.pending for each in to_verify(world, branch="feature")] == [False]


def test_a_build_without_branch_has_nothing_pending(world):
    world.publishes("shop@1", "pricing", branch="main")
    assert [each.pending for each in to_verify(world)] == [False]


def test_deployed_content_is_never_pending(world):
    world.has_environment()
    world.publishes("shop@1", "pricing", branch="main")
    world.deploys("shop@1")
    assert [each.pending for each in to_verify(world, branch="feature")] == [False]


def test_contracts_to_verify_can_be_narrowed(world):
    world.has_environment()
    world.publishes("shop@1", "pricing", branch="main")
    world.publishes("web@1", "pricing", branch="main")
    world.deploys("web@1")
    assert [each.consumer for each in to_verify(world, consumer="shop")] == ["shop"]
    assert [each.consumer for each in to_verify(world, environment="production")] == ["web"]


def test_an_unknown_producer_is_refused(world):
    with pytest.raises(ParticipantUnknown):
        to_verify(world)


def test_an_incomplete_result_is_recorded_as_such(world):
    world.publishes("shop@1", "pricing")
    assert world.verifies("pricing@1", "shop@1", not_tested()).outcome is ToolOutcome.NOT_TESTED


def test_a_digest_and_a_consumer_version_must_mean_the_same_contract(world):
    digest = world.publishes("shop@1", "pricing").publication.digest
    world.publishes("shop@2", "pricing", ["other"])
    request = VerificationRequest(
        "pricing",
        "1",
        (passed("other"),),
        contract_digest=digest,
        consumer="shop",
        consumer_version="2",
    )
    with pytest.raises(VerificationInvalid) as refused:
        verifying.record_verification(world.store, request, clock=world.clock)
    assert refused.value.faults[0].pointer == "/contract_digest"


def test_a_count_of_checks_is_not_negative(world):
    world.publishes("shop@1", "pricing")
    with pytest.raises(VerificationInvalid) as refused:
        world.verifies("pricing@1", "shop@1", failed(checks=-1))
    assert refused.value.faults[0].pointer == "/tools/0/checks"


def a_large_failure(size):
    return failed(violations=({"message": "x" * size},))


def test_a_page_ends_before_its_violations_grow_too_large(store, monkeypatch):
    """R0: one answer holds a bounded amount of what strangers sent."""
    monkeypatch.setattr(stored_results, "MOST_VIOLATIONS", 1_500)
    world = World(store)
    world.publishes("shop@1", "pricing")
    for number, size in enumerate((400, 400, 2_000, 10)):
        world.verifies(f"pricing@{number}", "shop@1", a_large_failure(size))

    pages, cursor = [], None
    while True:
        found = verifying.list_verifications(store, Page(cursor, 10))
        pages.append([each.version for each in found.items])
        assert not any(tool.violations_left_out for each in found.items for tool in each.tools)
        cursor = found.next
        if cursor is None:
            break

    assert pages == [["3"], ["2"], ["1", "0"]]


def test_results_beside_a_contract_leave_out_what_grows_too_large(store, monkeypatch):
    monkeypatch.setattr(stored_results, "MOST_VIOLATIONS", 1_500)
    world = World(store)
    world.publishes("shop@1", "pricing")
    for number, size in enumerate((10, 1_000, 1_000)):
        world.verifies(f"pricing@{number}", "shop@1", a_large_failure(size))
    world.verifies("pricing@3", "shop@1")

    shown = publishing.get_publication(store, "shop", "pricing", "1").verifications

    told = {
        each.version: (len(t.violations), t.violations_left_out)
        for each in shown
        for t in each.tools
    }
    assert told == {"3": (0, False), "2": (1, False), "1": (0, True), "0": (0, True)}
    (one,) = (each for each in shown if each.version == "1")
    assert verifying.get_verification(store, one.id).tools[0].violations


def test_what_one_result_says_is_told_however_large(store, monkeypatch):
    monkeypatch.setattr(stored_results, "MOST_VIOLATIONS", 100)
    world = World(store)
    world.publishes("shop@1", "pricing")
    recorded = world.verifies("pricing@1", "shop@1", a_large_failure(1_000))

    assert verifying.get_verification(store, recorded.id) == recorded
    assert verifying.list_verifications(store, Page()).items == (recorded,)
