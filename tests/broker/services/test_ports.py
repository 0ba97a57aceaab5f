"""What every store promises beyond what the use cases show: transactions, numbers, races."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from builders import failed, passed

from broker.domain.change import Change, ChangeKind
from broker.domain.environment import Environment, PlacementKind
from broker.domain.overview import IntegrationSelection
from broker.domain.paging import Page
from broker.domain.participant import VersionRef
from broker.domain.publication import (
    Content,
    Integration,
    Predecessor,
    Publication,
    RecordedPublication,
    ReportKey,
    StoredReport,
)
from client_sdk.contract.evolve import Mode, Report

AT = datetime(2026, 1, 1, tzinfo=UTC)
SHOP = VersionRef("shop", "1")
CHANGE = Change(ChangeKind.VERSION_RECORDED, AT, "shop", "1")
CONTENT = Content("sha256:" + "a" * 64, ("quote",), b'{"tools":[]}')
OTHER = Content("sha256:" + "b" * 64, ("quote",), b'{"tools":[1]}')


def record(digest: str, number: str = "1") -> RecordedPublication:
    publication = Publication("shop", number, "pricing", digest, (), AT)
    return RecordedPublication(publication, b"{}", StoredReport(Mode.GUIDE))


def prepare(uow) -> None:
    uow.participants.ensure(["shop", "pricing"], AT)
    uow.versions.ensure(SHOP, AT, None)
    uow.integrations.ensure([Integration("shop", "pricing")])
    uow.contents.add([CONTENT, OTHER])


def test_a_transaction_that_raises_leaves_nothing(any_store):
    def fail_halfway():
        with any_store.writing() as uow:
            uow.participants.ensure(["shop"], AT)
            uow.changes.append(CHANGE)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail_halfway()
    with any_store.reading() as uow:
        assert uow.participants.find(["shop"]) == {}
        assert uow.changes.as_of() == 0


def test_each_transaction_that_noted_something_gets_the_next_number(any_store):
    with any_store.writing() as uow:
        uow.changes.append(CHANGE, CHANGE)
    with any_store.writing() as uow:
        uow.participants.ensure(["shop"], AT)
    with any_store.writing() as uow:
        assert uow.changes.as_of() == 1
        assert uow.changes.hold() == 1
        uow.changes.append(CHANGE)
    with any_store.reading() as uow:
        assert uow.changes.as_of() == 2
        page = uow.changes.page(Page(limit=2))
        assert [each.as_of for each in page.items] == [2, 1]
        rest = uow.changes.page(Page(page.next, 2))
        assert [each.as_of for each in rest.items] == [1]
        assert rest.items[0].change == CHANGE


def test_a_version_publishes_once_for_a_producer(any_store):
    with any_store.writing() as uow:
        prepare(uow)
        assert uow.publications.add([record(CONTENT.digest)])
    with any_store.writing() as uow:
        assert not uow.publications.add([record(OTHER.digest)])


def test_content_is_replaced_only_while_it_is_the_expected_one(any_store):
    with any_store.writing() as uow:
        prepare(uow)
        uow.publications.add([record(CONTENT.digest)])
        assert not uow.publications.replace(record(OTHER.digest), OTHER.digest)
        assert uow.publications.replace(record(OTHER.digest), CONTENT.digest)
    with any_store.reading() as uow:
        assert uow.publications.get("Shop", "PRICING", "1").publication.digest == OTHER.digest


def test_how_a_publication_was_judged_comes_back(any_store):
    judged = StoredReport(Mode.FULL, (Predecessor("0", OTHER.digest),))
    with any_store.writing() as uow:
        prepare(uow)
        uow.publications.add([replace(record(CONTENT.digest), judged=judged, received=b" {} ")])
    with any_store.reading() as uow:
        stored = uow.publications.get("shop", "pricing", "1")
        assert (stored.judged, stored.received) == (judged, b" {} ")


def test_reports_and_contents_are_kept_once(any_store):
    key = ReportKey(CONTENT.digest, OTHER.digest, Mode.GUIDE)
    with any_store.writing() as uow:
        uow.contents.add([CONTENT])
        uow.contents.add([CONTENT, OTHER])
        uow.reports.add({key: Report(Mode.GUIDE)})
        uow.reports.add({key: Report(Mode.GUIDE)})
    with any_store.reading() as uow:
        assert uow.contents.find([CONTENT.digest, "sha256:none"]) == {CONTENT.digest: CONTENT}
        assert uow.reports.find([key]) == {key: Report(Mode.GUIDE)}
        assert uow.reports.find([replace(key, mode=Mode.FULL)]) == {}


def test_the_first_spelling_and_the_first_main_branch_stay(any_store):
    with any_store.writing() as uow:
        assert uow.participants.ensure(["Shop", "SHOP"], AT)["SHOP"].name == "Shop"
        assert uow.participants.claim_main_branch("shop", "main")
        assert not uow.participants.claim_main_branch("shop", "master")
    with any_store.reading() as uow:
        assert uow.participants.find(["sHOP", "nobody"])["sHOP"].main_branch == "main"


def test_a_version_keeps_its_first_build_url(any_store):
    with any_store.writing() as uow:
        uow.participants.ensure(["shop"], AT)
        first, is_new = uow.versions.ensure(SHOP, AT, None)
        again, is_new_again = uow.versions.ensure(SHOP, AT, "https://ci.example/1")
        last, _ = uow.versions.ensure(SHOP, AT, "https://ci.example/2")
    assert (is_new, is_new_again) == (True, False)
    assert (first.build_url, again.build_url) == (None, "https://ci.example/1")
    assert last.build_url == "https://ci.example/1"
    assert first.arrival == last.arrival


def test_versions_arrive_in_order_across_participants(any_store):
    with any_store.writing() as uow:
        uow.participants.ensure(["shop", "pricing"], AT)
        first, _ = uow.versions.ensure(SHOP, AT, None)
        second, _ = uow.versions.ensure(VersionRef("pricing", "1"), AT, None)
    assert first.arrival < second.arrival


def test_a_version_joins_a_branch_once(any_store):
    with any_store.writing() as uow:
        uow.participants.ensure(["shop"], AT)
        uow.versions.ensure(SHOP, AT, None)
        assert uow.versions.join_branch(SHOP, "main", AT)
        assert not uow.versions.join_branch(SHOP, "main", AT)
        assert uow.versions.mark_uses_nothing(SHOP)
        assert not uow.versions.mark_uses_nothing(SHOP)
    with any_store.reading() as uow:
        stored = uow.versions.find([SHOP])[SHOP]
        assert (stored.branches, stored.uses_nothing) == (("main",), True)


def test_an_environment_is_stored_as_it_was(any_store):
    environment = Environment("Test", AT, contacts=("team@example.com",), display_name="T")
    with any_store.writing() as uow:
        assert uow.environments.add(environment)
        assert not uow.environments.add(replace(environment, name="TEST"))
    with any_store.reading() as uow:
        assert uow.environments.get("test") == environment


def test_placements_say_what_stands_somewhere_now_and_then(world):
    world.has_environment()
    world.publishes("shop@1", "pricing")
    deployment = world.deploys("shop@1", instance="eu")
    world.undeploys(deployment)
    world.releases("shop@1")
    with world.store.reading() as uow:
        (now,) = uow.environments.placements(environment="Production")
        (then,) = uow.environments.placements(participant="SHOP", at=deployment.deployed_at)
    assert (now.kind, now.version) == (PlacementKind.RELEASED, "1")
    assert (then.kind, then.instance) == (PlacementKind.DEPLOYED, "eu")


def test_latest_results_come_newest_first_one_per_producer_version(world):
    digest = world.publishes("shop@1", "pricing").publication.digest
    world.verifies("pricing@1", "shop@1")
    second = world.verifies("pricing@2", "shop@1")
    last = world.verifies("pricing@1", "shop@1", failed())
    with world.store.reading() as uow:
        assert uow.verifications.latest_of([digest, "sha256:none"]) == {digest: (last, second)}


def test_tallies_count_the_latest_results_a_version_has_part_in(world):
    world.publishes("shop@1", "pricing", ["a"])
    world.publishes("web@1", "shop", ["b"])
    world.verifies("pricing@1", "shop@1", failed("a"))
    world.verifies("pricing@1", "shop@1", passed("a"))
    world.verifies("pricing@2", "shop@1", failed("a"))
    world.verifies("shop@1", "web@1", passed("b"))
    with world.store.reading() as uow:
        assert uow.overviews.tallies("Shop", ["1", "9"]) == {"1": (2, 1), "9": (0, 0)}


def test_integration_facts_are_those_of_the_newest_versions(world):
    world.has_environment()
    world.publishes("shop@1", "pricing", ["a"], branch="main")
    world.publishes("shop@2", "pricing", ["b"], branch="main")
    world.publishes("shop@3", "pricing", ["c"], branch="feature")
    world.verifies("pricing@1", "shop@1", passed("a"), branch="main")
    last = world.verifies("pricing@2", "shop@2", passed("b"), branch="other")
    world.deploys("shop@1")
    with world.store.reading() as uow:
        (facts,) = uow.overviews.integrations(IntegrationSelection(environment="production"))
        (other,) = uow.overviews.integrations(IntegrationSelection(branch="feature"))
        assert uow.overviews.integrations(IntegrationSelection(participant="stock")) == ()
    assert facts.newest.version == "2"
    assert (facts.producer_version, facts.result) == ("1", None)
    assert facts.earlier_verified
    assert facts.verified_by == ("2",)
    assert not facts.passed_on_main
    assert facts.last_verified_at == last.verified_at
    assert facts.consumer_in_environment == ("1",)
    assert facts.producer_in_environment == ()
    assert other.newest.version == "3"
