"""Publishing: what is stored once, what is refused, what is said about it."""

import json

import pytest
from builders import World, a_tool, contract_bytes

from broker.domain.errors import (
    BreakingRefused,
    ContentConflict,
    ContentUnknown,
    ContractUnknown,
    IntegrationUnknown,
    MergeConflict,
    ParticipantUnknown,
    PublicationInvalid,
    UsesSomething,
    VersionFrozen,
)
from broker.domain.paging import Page
from broker.domain.publication import OnBreaking, OnConflict, Predecessor
from broker.services import participants, publishing
from client_sdk.contract.errors import NameRefused
from client_sdk.contract.evolve import Mode

NARROW = a_tool(required_output_fields=[])


def texts(outcome) -> str:
    return " ".join(notice.text for notice in outcome.notices)


def test_a_new_publication_is_created_with_its_participants(world):
    outcome = world.publishes("shop@1", "pricing", branch="feature")
    assert outcome.created
    assert outcome.against is None
    assert outcome.report.findings == ()
    assert outcome.publication.branches == ("feature",)
    names = [p.name for p in participants.list_participants(world.store, Page()).items]
    assert names == ["pricing", "shop"]


def test_the_same_content_again_is_kept_and_changes_nothing(world):
    world.publishes("shop@1", "pricing", branch="main")
    before = world.can_deploy("shop@1", to="main").as_of
    again = world.publishes("shop@1", "pricing", branch="main")
    assert not again.created
    assert world.can_deploy("shop@1", to="main").as_of == before


def test_a_version_on_no_branch_is_told_that_nobody_is_asked_to_verify_it(world):
    said = "pricing is not asked to verify it before it is deployed. Publish with a branch."
    assert said in texts(world.publishes("shop@1", "pricing"))
    assert "no branch" not in texts(world.publishes("shop@2", "pricing", branch="feature"))
    assert "no branch" not in texts(world.publishes("shop@2", "shipping"))
    assert "no branch" not in texts(world.publishes("shop@1", "pricing"))


def test_other_metadata_are_a_notice(world):
    world.publishes("shop@1", "pricing", metadata={"team": "a"})
    again = world.publishes("shop@1", "pricing", metadata={"team": "b"})
    assert not again.created
    assert "Only the metadata differ" in texts(again)
    stored = publishing.get_publication(world.store, "shop", "pricing", "1")
    assert json.loads(stored.received)["metadata"] == {"team": "a"}


def test_other_content_of_the_same_version_is_a_conflict_that_shows_what_differs(world):
    first = world.publishes("shop@1", "pricing", ["quote"])
    with pytest.raises(ContentConflict) as refused:
        world.publishes("shop@1", "pricing", [NARROW, "refund"])
    assert refused.value.stored_digest == first.publication.digest
    assert refused.value.delta == (
        "tool quote: defined differently",
        'tool quote: /required_output_fields/0: removed "price"',
        "tool refund: only in the new content",
    )
    assert refused.value.report.severity == "error"


def test_a_version_is_compared_with_the_newest_on_its_branch(world):
    world.publishes("shop@1", "pricing", ["quote"], branch="main")
    world.publishes("shop@2", "pricing", ["refund"], branch="feature")
    world.publishes("shop@3", "pricing", ["order"], branch="other")
    outcome = world.publishes("shop@4", "pricing", ["quote"], branch="feature")
    assert outcome.against.version == "2"


def test_a_new_branch_is_compared_with_the_main_branch(world):
    world.publishes("shop@1", "pricing", branch="main")
    world.publishes("shop@2", "pricing", ["refund"], branch="other")
    outcome = world.publishes("shop@3", "pricing", ["order"], branch="feature")
    assert outcome.against.version == "1"


def test_without_branches_the_last_by_arrival_is_compared(world):
    world.publishes("shop@1", "pricing")
    world.publishes("shop@2", "pricing", ["refund"])
    assert world.publishes("shop@3", "pricing", ["order"]).against.version == "2"


def test_a_breaking_change_is_recorded_with_a_notice(world):
    world.publishes("shop@1", "pricing")
    outcome = world.publishes("shop@2", "pricing", [NARROW])
    assert outcome.created
    assert outcome.publication.severity == "error"
    assert "The change breaks" in texts(outcome)


def test_an_integration_may_reject_what_breaks(world):
    world.publishes("shop@1", "pricing")
    publishing.configure_integration(
        world.store, "shop", "pricing", None, OnBreaking.REJECT, clock=world.clock
    )
    with pytest.raises(BreakingRefused) as refused:
        world.publishes("shop@2", "pricing", [NARROW], branch="main")
    assert refused.value.report.severity == "error"
    assert len(publishing.list_publications(world.store, "shop", "pricing", Page()).items) == 1
    assert participants.list_branches(world.store, "shop") == ()


def test_the_mode_of_the_integration_judges_unless_another_is_given(world):
    world.publishes("shop@1", "pricing")
    publishing.configure_integration(world.store, "shop", "pricing", Mode.NONE, clock=world.clock)
    assert world.publishes("shop@2", "pricing", [NARROW]).report.severity == "info"
    other = world.publishes("shop@3", "pricing", ["quote"], mode=Mode.GUIDE)
    assert other.report.mode is Mode.GUIDE


def test_a_transitive_mode_compares_with_everything_still_in_use(world):
    world.publishes("shop@1", "pricing", ["quote"], branch="release")
    world.publishes("shop@2", "pricing", ["refund"], branch="main")
    transitive = world.publishes(
        "shop@3", "pricing", [NARROW], branch="main", mode=Mode.BACKWARD_TRANSITIVE
    )
    assert transitive.against.version == "2"
    found = {(each.tool, each.against_version) for each in transitive.report.findings}
    assert ("quote", "1") in found


def test_a_dry_run_answers_and_stores_nothing(world):
    outcome = world.publishes("shop@1", "pricing", branch="main", dry_run=True)
    assert not outcome.created
    assert outcome.publication.digest.startswith("sha256:")
    assert participants.list_participants(world.store, Page()).items == ()


def test_the_first_spelling_of_a_name_stays(world):
    world.publishes("Shop@1", "pricing")
    outcome = world.publishes("shop@2", "PRICING")
    assert (outcome.publication.consumer, outcome.publication.producer) == ("Shop", "pricing")
    assert "PRICING is known here as pricing." in texts(outcome)
    assert publishing.get_publication(world.store, "SHOP", "Pricing", "2").received


def test_all_contracts_of_a_version_are_published_or_none(world):
    world.publishes("shop@1", "stock", ["count"])
    with pytest.raises(ContentConflict):
        world.publishes_all(
            "shop@1", contract_bytes("shop", "pricing"), contract_bytes("shop", "stock")
        )
    with pytest.raises(ParticipantUnknown):
        participants.get_participant(world.store, "pricing")


def test_contracts_that_do_not_belong_together_are_refused_with_every_fault(world):
    with pytest.raises(PublicationInvalid) as refused:
        world.publishes_all(
            "shop@1",
            contract_bytes("shop", "pricing"),
            contract_bytes("Shop", "Pricing"),
            contract_bytes("other", "stock"),
        )
    assert [fault.pointer for fault in refused.value.faults] == [
        "/contracts/1/producer",
        "/contracts/2/consumer",
    ]


def test_shards_of_one_build_merge_their_tools(world):
    world.publishes("shop@1", "pricing", ["quote"])
    (outcome,) = world.publishes_all(
        "shop@1",
        contract_bytes("shop", "pricing", ["refund"]),
        on_conflict=OnConflict.MERGE,
    )
    assert not outcome.created
    stored = publishing.get_publication(world.store, "shop", "pricing", "1")
    tools = [tool["tool_name"] for tool in json.loads(stored.received)["tools"]]
    assert tools == ["quote", "refund"]
    assert stored.publication.digest == outcome.publication.digest


def test_merging_what_is_there_already_keeps_it(world):
    first = world.publishes("shop@1", "pricing", ["quote", "refund"])
    (again,) = world.publishes_all(
        "shop@1", contract_bytes("shop", "pricing", ["refund"]), on_conflict=OnConflict.MERGE
    )
    assert again.publication.digest == first.publication.digest


def test_a_tool_with_another_definition_does_not_merge(world):
    world.publishes("shop@1", "pricing", ["quote"])
    with pytest.raises(MergeConflict) as refused:
        world.publishes_all(
            "shop@1",
            contract_bytes("shop", "pricing", [NARROW, "refund"]),
            on_conflict=OnConflict.MERGE,
        )
    assert refused.value.tools == ("quote",)


@pytest.mark.parametrize("reason", ["verified", "deployed", "released"])
def test_what_others_rely_on_does_not_merge(world, reason):
    world.has_environment()
    world.publishes("shop@1", "pricing", ["quote"])
    rely = {
        "verified": lambda: world.verifies("pricing@1", "shop@1"),
        "deployed": lambda: world.deploys("shop@1"),
        "released": lambda: world.releases("shop@1"),
    }
    rely[reason]()
    with pytest.raises(VersionFrozen) as refused:
        world.publishes_all(
            "shop@1",
            contract_bytes("shop", "pricing", ["refund"]),
            on_conflict=OnConflict.MERGE,
        )
    assert refused.value.because == (reason,)


def test_a_version_that_published_cannot_use_nothing(world):
    world.publishes("shop@1", "pricing")
    with pytest.raises(UsesSomething) as refused:
        world.publishes_all("shop@1")
    assert refused.value.producers == ("pricing",)


def test_the_first_version_on_main_makes_it_the_main_branch(world):
    world.publishes("shop@1", "pricing", branch="feature")
    assert participants.get_participant(world.store, "shop").main_branch is None
    world.publishes("shop@2", "pricing", branch="master")
    world.publishes("shop@3", "pricing", branch="main")
    assert participants.get_participant(world.store, "shop").main_branch == "master"


def test_a_head_moves_only_to_a_version_that_is_new_on_the_branch(world):
    world.publishes("shop@1", "pricing", branch="main")
    world.publishes("shop@2", "pricing", branch="main")
    world.publishes("shop@1", "pricing", branch="main")
    (main,) = participants.list_branches(world.store, "shop")
    assert main.head == "2"


def test_a_version_may_join_another_branch_later(world):
    world.publishes("shop@1", "pricing", branch="feature")
    again = world.publishes("shop@1", "pricing", branch="main")
    assert not again.created
    assert again.publication.branches == ("feature", "main")
    heads = {b.name: b.head for b in participants.list_branches(world.store, "shop")}
    assert heads == {"feature": "1", "main": "1"}


def test_somebody_who_published_in_between_is_seen(memory):
    world = World(memory)
    world.publishes("shop@1", "pricing", branch="main")
    rival = World(memory)

    def publish_meanwhile():
        memory.before_writing = None
        rival.publishes("shop@2", "pricing", ["refund"], branch="main")

    memory.before_writing = publish_meanwhile
    outcome = world.publishes("shop@3", "pricing", ["order"], branch="main")
    assert outcome.against == Predecessor("2", outcome.against.digest)


def test_a_writer_who_always_comes_second_still_gets_through(memory):
    world = World(memory)
    numbers = iter(range(100, 200))

    def publish_meanwhile():
        memory.before_writing = None
        number = next(numbers)
        World(memory).publishes(f"shop@{number}", "pricing", [f"t{number}"])
        if number < 104:
            memory.before_writing = publish_meanwhile

    memory.before_writing = publish_meanwhile
    assert world.publishes("shop@1", "pricing").created


def test_of_two_who_publish_the_same_version_one_wins(memory):
    world = World(memory)

    def publish_meanwhile():
        memory.before_writing = None
        World(memory).publishes("shop@1", "pricing", ["refund"])

    memory.before_writing = publish_meanwhile
    with pytest.raises(ContentConflict):
        world.publishes("shop@1", "pricing", ["quote"])


def test_two_versions_are_compared_on_request(world):
    world.publishes("shop@1", "pricing")
    world.publishes("shop@2", "pricing", [NARROW])
    comparison = publishing.compare(world.store, "shop", "pricing", "1", "2")
    assert comparison.report.severity == "error"
    assert (comparison.old.version, comparison.new.version) == ("1", "2")


def test_a_stored_publication_is_shown_with_its_report_and_results(world):
    world.publishes("shop@1", "pricing")
    world.publishes("shop@2", "pricing", [NARROW])
    world.verifies("pricing@7", "shop@2")
    stored = publishing.get_publication(world.store, "shop", "pricing", "2")
    assert stored.against.version == "1"
    assert stored.report.severity == "error"
    assert [result.version for result in stored.verifications] == ["7"]


def test_the_latest_is_that_of_the_main_branch_unless_asked_otherwise(world):
    world.has_environment()
    world.publishes("shop@1", "pricing", branch="main")
    world.publishes("shop@2", "pricing", ["refund"], branch="feature")
    world.deploys("shop@1")
    latest = publishing.latest_publication
    assert latest(world.store, "shop", "pricing").publication.version == "1"
    on_branch = latest(world.store, "shop", "pricing", branch="feature")
    assert on_branch.publication.version == "2"
    there = latest(world.store, "shop", "pricing", environment="production")
    assert there.publication.version == "1"


def test_content_is_found_by_its_digest_without_metadata(world):
    outcome = world.publishes("shop@1", "pricing", metadata={"team": "a"})
    raw = publishing.content_by_digest(world.store, outcome.publication.digest)
    assert json.loads(raw)["consumer"] == "shop"
    assert "metadata" not in json.loads(raw)


def test_what_is_not_there_is_named(world):
    world.publishes("shop@1", "pricing", branch="feature")
    world.publishes("web@1", "stock")
    world.has_environment()
    with pytest.raises(ContractUnknown, match="version 2 published none"):
        publishing.get_publication(world.store, "shop", "pricing", "2")
    with pytest.raises(ContractUnknown, match="none on the branch main"):
        publishing.latest_publication(world.store, "shop", "pricing", branch="main")
    with pytest.raises(ContractUnknown, match="none in production"):
        publishing.latest_publication(world.store, "shop", "pricing", environment="production")
    with pytest.raises(ContractUnknown, match="none at all"):
        publishing.latest_publication(world.store, "shop", "stock")
    with pytest.raises(IntegrationUnknown):
        publishing.get_integration(world.store, "shop", "stock")
    with pytest.raises(ContentUnknown):
        publishing.content_by_digest(world.store, "sha256:" + "0" * 64)


def test_configuring_an_integration_as_it_is_changes_nothing(world):
    world.publishes("shop@1", "pricing")
    before = world.can_deploy("shop@1", to="main").as_of
    found = publishing.configure_integration(
        world.store, "shop", "pricing", Mode.GUIDE, clock=world.clock
    )
    assert found.on_breaking is OnBreaking.RECORD
    assert world.can_deploy("shop@1", to="main").as_of == before


def test_an_integration_with_a_transitive_mode_looks_at_everything_in_use(world):
    world.publishes("shop@1", "pricing", ["quote"], branch="release")
    world.publishes("shop@2", "pricing", ["refund"], branch="main")
    mode = Mode.FULL_TRANSITIVE
    publishing.configure_integration(world.store, "shop", "pricing", mode, clock=world.clock)
    outcome = world.publishes("shop@3", "pricing", ["order"], branch="main")
    against = {finding.against_version for finding in outcome.report.findings}
    assert against == {"1", "2"}
    stored = publishing.get_publication(world.store, "shop", "pricing", "3")
    assert stored.report == outcome.report


def test_names_outside_the_grammar_are_refused_before_anything_is_read(world):
    with pytest.raises(NameRefused):
        world.publishes("shop@1", "pricing", branch="no\nbranch")
    with pytest.raises(NameRefused):
        world.publishes("shop@ ", "pricing")


def test_what_is_stored_already_needs_no_transaction(memory):
    world = World(memory)
    world.publishes("shop@1", "pricing", branch="main")

    def refuse():
        raise AssertionError("nothing is to be written")

    memory.before_writing = refuse
    assert not world.publishes("shop@1", "pricing", branch="main").created


def test_joining_a_branch_is_a_change_of_its_own(world):
    world.publishes("shop@1", "pricing", branch="feature")
    before = world.can_deploy("shop@1", to="main").as_of
    world.publishes("shop@1", "pricing", branch="main")
    assert world.can_deploy("shop@1", to="main").as_of == before + 1


def test_a_version_that_was_seen_before_may_still_say_that_it_uses_nothing(world):
    world.has_environment()
    world.publishes("shop@1", "pricing")
    world.deploys("shop@2")
    world.publishes_all("shop@2")
    assert participants.get_version(world.store, "shop", "2").uses_nothing


def test_an_integration_that_rejects_what_breaks_takes_everything_else(world):
    world.publishes("shop@1", "pricing")
    publishing.configure_integration(
        world.store, "shop", "pricing", None, OnBreaking.REJECT, clock=world.clock
    )
    assert world.publishes("shop@2", "pricing", ["quote", "refund"]).created
