"""Participants, versions and branches: read, describe, delete."""

import pytest

from broker.domain.errors import (
    BranchUnknown,
    DeployedVersion,
    MainBranchKept,
    ParticipantUnknown,
    StillReliedOn,
    VersionUnknown,
)
from broker.domain.paging import Page
from broker.services import participants as known
from broker.services import publishing, verifying
from broker.services.participants import ParticipantPatch


def test_participants_are_paged_by_name(world):
    world.publishes("b@1", "A")
    world.publishes("c@1", "d")
    first = known.list_participants(world.store, Page(limit=3))
    assert [p.name for p in first.items] == ["A", "b", "c"]
    rest = known.list_participants(world.store, Page(first.next, 3))
    assert [p.name for p in rest.items] == ["d"]


def test_only_what_is_given_is_patched(world):
    world.publishes("shop@1", "pricing", branch="main")
    patch = ParticipantPatch(
        frozenset({"display_name", "labels"}), None, "The shop", None, {"a": "b"}
    )
    saved, _ = known.patch_participant(world.store, "SHOP", patch, clock=world.clock)
    assert (saved.display_name, saved.labels, saved.main_branch) == ("The shop", {"a": "b"}, "main")
    assert known.get_participant(world.store, "shop") == saved


def test_a_member_that_is_given_as_none_is_cleared(world):
    world.publishes("shop@1", "pricing", branch="main")
    patch = ParticipantPatch(frozenset({"main_branch"}))
    saved, _ = known.patch_participant(world.store, "shop", patch, clock=world.clock)
    assert saved.main_branch is None


def test_versions_are_listed_newest_first_and_by_branch(world):
    world.publishes("shop@1", "pricing", branch="main")
    world.publishes("shop@2", "pricing", ["b"], branch="feature")
    world.publishes("shop@3", "pricing", ["c"], branch="main")
    everything = known.list_versions(world.store, "shop", Page())
    assert [v.number for v in everything.items] == ["3", "2", "1"]
    on_main = known.list_versions(world.store, "shop", Page(), branch="main")
    assert [v.number for v in on_main.items] == ["3", "1"]


def test_a_version_that_is_not_there_is_unknown(world):
    world.publishes("shop@1", "pricing")
    with pytest.raises(VersionUnknown):
        known.get_version(world.store, "shop", "2")


def test_nothing_that_runs_can_be_deleted(world):
    world.has_environment()
    world.publishes("shop@1", "pricing")
    world.publishes("shop@2", "pricing")
    deployment = world.deploys("shop@1")
    with pytest.raises(DeployedVersion) as refused:
        known.delete_participant(world.store, "shop", clock=world.clock)
    assert refused.value.environments == ("production",)
    with pytest.raises(DeployedVersion):
        known.delete_version(world.store, "shop", "1", clock=world.clock)
    known.delete_version(world.store, "shop", "2", clock=world.clock)
    world.undeploys(deployment)
    known.delete_version(world.store, "shop", "1", clock=world.clock)
    assert known.list_versions(world.store, "shop", Page()).items == ()


def test_a_producer_that_contracts_name_cannot_be_deleted(world):
    world.publishes("shop@1", "pricing")
    world.publishes("till@1", "pricing")
    with pytest.raises(StillReliedOn) as refused:
        known.delete_participant(world.store, "pricing", clock=world.clock)
    assert refused.value.consumers == ("shop", "till")
    assert "delete those versions first" in str(refused.value)
    known.delete_version(world.store, "shop", "1", clock=world.clock)
    known.delete_participant(world.store, "till", clock=world.clock)
    known.delete_participant(world.store, "pricing", clock=world.clock)
    assert known.get_participant(world.store, "shop").name == "shop"


def test_deleting_the_head_of_a_branch_moves_it_back(world):
    world.publishes("shop@1", "pricing", branch="main")
    world.publishes("shop@2", "pricing", branch="main")
    known.delete_version(world.store, "shop", "2", clock=world.clock)
    assert [b.head for b in known.list_branches(world.store, "shop")] == ["1"]
    known.delete_version(world.store, "shop", "1", clock=world.clock)
    assert known.list_branches(world.store, "shop") == ()


def test_deleting_a_participant_takes_its_contracts_and_results(world):
    world.publishes("shop@1", "pricing")
    world.verifies("pricing@1", "shop@1")
    known.delete_participant(world.store, "shop", clock=world.clock)
    with pytest.raises(ParticipantUnknown):
        known.get_participant(world.store, "shop")
    assert verifying.list_verifications(world.store, Page(), producer="pricing").items == ()
    world.publishes("shop@1", "pricing", ["other"])
    found = publishing.list_publications(world.store, "shop", "pricing", Page()).items
    assert len(found) == 1


def test_a_patch_that_says_what_is_true_already_changes_nothing(world):
    world.publishes("shop@1", "pricing", branch="main")
    before = world.can_deploy("shop@1", to="main").as_of
    patch = ParticipantPatch(frozenset({"main_branch"}), main_branch="main")
    known.patch_participant(world.store, "shop", patch, clock=world.clock)
    assert world.can_deploy("shop@1", to="main").as_of == before


def test_a_deleted_branch_leaves_its_versions(world):
    world.publishes("shop@1", "pricing", branch="main")
    world.publishes("shop@2", "pricing", ["b"], branch="feat/x")
    known.delete_branch(world.store, "SHOP", "feat/x", clock=world.clock)
    assert [b.name for b in known.list_branches(world.store, "shop")] == ["main"]
    assert known.get_version(world.store, "shop", "2").branches == ()
    assert publishing.get_publication(world.store, "shop", "pricing", "2")
    assert known.list_versions(world.store, "shop", Page(), branch="feat/x").items == ()


def test_what_stood_on_a_deleted_branch_need_not_be_verified_for_it(world):
    world.publishes("shop@1", "pricing", branch="main")
    world.publishes("shop@2", "pricing", ["b"], branch="feat")
    asked = [
        c.versions for c in verifying.contracts_to_verify(world.store, "pricing", branch="feat")
    ]
    known.delete_branch(world.store, "shop", "feat", clock=world.clock)
    left = [
        c.versions for c in verifying.contracts_to_verify(world.store, "pricing", branch="feat")
    ]
    assert (sorted(asked), left) == ([("1",), ("2",)], [("1",)])


def test_a_producers_deleted_branch_no_longer_clears_what_is_pending(world):
    world.publishes("shop@1", "pricing", branch="main")
    world.verifies("pricing@1", "shop@1", branch="feat")
    (before,) = verifying.contracts_to_verify(world.store, "pricing", branch="feat")
    known.delete_branch(world.store, "pricing", "feat", clock=world.clock)
    (after,) = verifying.contracts_to_verify(world.store, "pricing", branch="feat")
    assert (before.pending, after.pending) == (False, True)


def test_publishing_again_begins_a_deleted_branch_anew(world):
    for number in ("1", "2"):
        world.publishes(f"shop@{number}", "pricing", branch="feat")
    known.delete_branch(world.store, "shop", "feat", clock=world.clock)
    again = world.publishes("shop@1", "pricing", branch="feat")
    assert not again.created
    assert [(b.name, b.head) for b in known.list_branches(world.store, "shop")] == [("feat", "1")]


def test_the_main_branch_is_kept_until_another_is_main(world):
    world.publishes("shop@1", "pricing", branch="main")
    with pytest.raises(MainBranchKept) as refused:
        known.delete_branch(world.store, "shop", "main", clock=world.clock)
    assert "PATCH its main_branch" in str(refused.value)
    patch = ParticipantPatch(frozenset({"main_branch"}))
    known.patch_participant(world.store, "shop", patch, clock=world.clock)
    known.delete_branch(world.store, "shop", "main", clock=world.clock)
    assert known.list_branches(world.store, "shop") == ()


def test_only_a_branch_that_is_there_is_deleted(world):
    world.publishes("shop@1", "pricing", branch="main")
    with pytest.raises(BranchUnknown):
        known.delete_branch(world.store, "shop", "Main", clock=world.clock)
    with pytest.raises(BranchUnknown):
        known.delete_branch(world.store, "pricing", "main", clock=world.clock)


def test_a_branch_of_what_runs_is_deleted_and_the_decision_stays(world):
    world.has_environment()
    world.publishes("shop@1", "pricing", branch="feat")
    world.verifies("pricing@1", "shop@1")
    world.deploys("shop@1")
    known.delete_branch(world.store, "shop", "feat", clock=world.clock)
    (needed,) = verifying.contracts_to_verify(world.store, "pricing")
    assert needed.versions == ("1",)
    assert world.can_deploy("pricing@1").answer.value == "yes"


@pytest.mark.parametrize(("wanted", "said"), [("main", 0), ("trunk", 1), ("Main", 1), (None, 0)])
def test_a_main_branch_that_nothing_stands_on_gets_a_notice(world, wanted, said):
    world.publishes("shop@1", "pricing", branch="main")
    patch = ParticipantPatch(frozenset({"main_branch"}), main_branch=wanted)
    _, notices = known.patch_participant(world.store, "shop", patch, clock=world.clock)
    assert len(notices) == said
    assert all(f"has no branch {wanted} yet" in each.text for each in notices)
