"""Publishing evidence, reading it, and what it does to decisions (issue 4 point 9)."""

import pytest
from builders import World, a_tool
from sqlalchemy import event

from broker.domain.can_i_deploy import Answer
from broker.domain.errors import (
    ChangedMeanwhile,
    DecisionChanged,
    EnvironmentUnknown,
    EvidenceInvalid,
    EvidenceUnknown,
    ParticipantUnknown,
)
from broker.domain.evidence import EvidenceQuery, Verdict, evidence_digest
from broker.domain.paging import Page
from broker.domain.participant import VersionRef
from broker.services import evidence as finding
from broker.services import participants
from broker.services.environment_changes import EnvironmentPatch, patch_environment
from broker.services.environments import get_environment
from broker.services.evidence import EvidenceRequest
from broker.storage import evidence as stored_evidence
from client_sdk.contract.errors import NameRefused

SHOP = VersionRef("shop", "1")
BOUNDS = {"latency_ms": {"p95": 300}, "max_bytes": 100_000}


@pytest.fixture
def broker(world: World) -> World:
    """`shop@1` fits `pricing@1`, which runs in production; `guarded` demands chaos evidence."""
    world.has_environment()
    world.has_environment("guarded", production=False, requires=("chaos",))
    world.publishes("shop@1", "pricing", [a_tool(expectations=BOUNDS)])
    world.verifies("pricing@1", "shop@1")
    for place in ("production", "guarded"):
        world.deploys("pricing@1", to=place)
    return world


def request(**members):
    given = {
        "kind": "chaos",
        "verdict": Verdict.PASS,
        "participant": "shop",
        "version": "1",
        "payload": {"numbers": {"injections": 12}},
    }
    return EvidenceRequest(**{**given, **members})


def publish(broker, **members):
    return finding.publish_evidence(broker.store, request(**members), clock=broker.clock)


def listed(broker, page=None, **about):
    found = finding.list_evidence(broker.store, page or Page(), EvidenceQuery(**about))
    return [each.about.id for each in found.items]


def codes(decision):
    return [reason.code for reason in decision.reasons]


def test_what_was_published_comes_back_with_its_payload(broker):
    published = publish(broker)

    found = finding.get_evidence(broker.store, published.evidence.about.id)

    assert published.created
    assert published.notices == ()
    assert found == published.evidence
    assert found.payload == {"numbers": {"injections": 12}}
    assert found.about.digest == evidence_digest(SHOP, "chaos", Verdict.PASS, found.payload)


def test_the_same_again_is_nothing_new(broker):
    first = publish(broker)
    before = broker.can_deploy("shop@1").as_of

    again = publish(broker, participant="SHOP")

    assert (again.created, again.evidence) == (False, first.evidence)
    assert broker.can_deploy("shop@1").as_of == before
    assert len(listed(broker)) == 1


def test_publishing_moves_the_sequence_number(broker):
    before = broker.can_deploy("shop@1").as_of

    publish(broker)

    assert broker.can_deploy("shop@1").as_of == before + 1


def test_an_old_finding_published_again_does_not_count_again(broker):
    publish(broker)
    newer = publish(broker, verdict=Verdict.FAIL).evidence.about

    again = publish(broker)

    assert not again.created
    assert f"evidence {newer.id} (fail)" in again.notices[0].text
    assert codes(broker.can_deploy("shop@1", to="guarded"))[0] == "evidence-failed"


def test_a_digest_that_is_not_that_of_the_rest_is_refused(broker):
    right = evidence_digest(SHOP, "chaos", Verdict.PASS, request().payload)

    with pytest.raises(EvidenceInvalid, match=right):
        publish(broker, digest="sha256:" + "0" * 64)

    assert publish(broker, digest=right).created


def test_an_unknown_participant_is_refused_and_an_unknown_version_created(broker):
    with pytest.raises(ParticipantUnknown):
        publish(broker, participant="nobody")

    published = publish(broker, version="2")

    assert "never seen before" in published.notices[0].text
    assert participants.get_version(broker.store, "shop", "2").number == "2"


@pytest.mark.parametrize("members", [{"kind": "Chaos"}, {"version": ""}])
def test_names_outside_their_grammar_are_refused(broker, members):
    with pytest.raises(NameRefused):
        publish(broker, **members)


def test_an_id_nobody_has_is_unknown(broker):
    for identifier in (4_711, 2**63):
        with pytest.raises(EvidenceUnknown):
            finding.get_evidence(broker.store, identifier)


def test_evidence_is_listed_newest_first_by_version_and_kind(broker):
    one = broker.finds("shop@1").id
    two = broker.finds("shop@2").id
    three = broker.finds("shop@1", kind="cassettes").id
    four = broker.finds("pricing@1").id

    assert listed(broker) == [four, three, two, one]
    assert listed(broker, participant="SHOP") == [three, two, one]
    assert listed(broker, participant="shop", version="1") == [three, one]
    assert listed(broker, version="1") == [four, three, one]
    assert listed(broker, kind="chaos") == [four, two, one]
    first = finding.list_evidence(broker.store, Page(limit=3), EvidenceQuery())
    assert listed(broker, Page(first.next, 3)) == [one]
    with pytest.raises(ParticipantUnknown):
        listed(broker, participant="nobody")


def test_a_page_ends_before_its_payloads_grow_too_large(store, monkeypatch):
    monkeypatch.setattr(stored_evidence, "MOST_PAYLOAD", 1_000)
    world = World(store)
    world.publishes("shop@1", "pricing")
    ids = [
        world.finds("shop@1", run=number, text="x" * size).id
        for number, size in enumerate((400, 400, 2_000, 400))
    ]

    pages, cursor = [], None
    while True:
        found = finding.list_evidence(store, Page(cursor, 10), EvidenceQuery())
        pages.append([each.about.id for each in found.items])
        cursor = found.next
        if cursor is None:
            break

    assert pages == [[ids[3]], [ids[2]], [ids[1], ids[0]]]


def test_numbers_keep_their_digits(broker):
    published = publish(broker, payload={"n": 12345678901234567890})

    assert finding.get_evidence(broker.store, published.evidence.about.id).payload == {
        "n": 12345678901234567890
    }


def test_evidence_goes_with_its_version(broker):
    found = broker.finds("shop@2")

    participants.delete_version(broker.store, "shop", "2", clock=broker.clock)

    with pytest.raises(EvidenceUnknown):
        finding.get_evidence(broker.store, found.id)


def test_a_participant_goes_with_its_evidence(broker):
    found = broker.finds("shop@1")

    participants.delete_participant(broker.store, "shop", clock=broker.clock)

    with pytest.raises(EvidenceUnknown):
        finding.get_evidence(broker.store, found.id)


@pytest.mark.parametrize(
    ("verdict", "answer", "code"),
    [
        (None, Answer.UNKNOWN, "evidence-missing"),
        ("inconclusive", Answer.UNKNOWN, "evidence-inconclusive"),
        ("fail", Answer.NO, "evidence-failed"),
        ("error", Answer.NO, "evidence-failed"),
        ("pass", Answer.YES, "all-verified"),
    ],
)
def test_an_environment_lets_in_what_has_the_evidence_it_requires(broker, verdict, answer, code):
    found = broker.finds("shop@1", verdict) if verdict else None

    decision = broker.can_deploy("shop@1", to="Guarded")

    assert (decision.answer, codes(decision)[0]) == (answer, code)
    assert [each.id for each in decision.evidence] == ([found.id] if found else [])


def test_the_latest_of_a_kind_counts(broker):
    broker.finds("shop@1", "fail", run=1)
    broker.finds("shop@1", "pass", run=2)
    broker.finds("shop@1", "fail", kind="cassettes")

    assert broker.can_deploy("shop@1", to="guarded").answer is Answer.YES


def test_evidence_of_another_version_is_none(broker):
    broker.finds("shop@2")

    assert codes(broker.can_deploy("shop@1", to="guarded"))[0] == "evidence-missing"


def test_elsewhere_nothing_is_required(broker):
    broker.finds("shop@1", "fail")

    for place in ("production", "main", "each other"):
        decision = broker.can_deploy("shop@1", "pricing@1", to=place)
        assert decision.answer is Answer.YES
        assert decision.evidence == ()


@pytest.mark.parametrize("metrics", [{"latency_ms": {"p95": 301}}, {"max_bytes": 100_001}])
def test_a_bound_of_the_contract_is_held_against_the_latest_benchmark(broker, metrics):
    broker.measures("pricing@1", latency_ms={"p95": 1}, max_bytes=1)
    found = broker.measures("pricing@1", **metrics)

    decision = broker.can_deploy("shop@1")

    assert decision.answer is Answer.NO
    assert codes(decision)[0] == "expectation-broken"
    assert decision.reasons[0].evidence == found.id
    assert [each.id for each in decision.evidence] == [found.id]


def test_the_producer_that_comes_is_held_to_it_too(broker):
    broker.deploys("shop@1")
    broker.verifies("pricing@2", "shop@1")
    broker.measures("pricing@2", latency_ms={"p95": 301})

    assert codes(broker.can_deploy("pricing@2"))[0] == "expectation-broken"


def test_a_benchmark_that_keeps_every_bound_is_a_plain_yes(broker):
    broker.measures("pricing@1", latency_ms={"p95": 300}, max_bytes=100_000)

    decision = broker.can_deploy("shop@1")

    assert (decision.answer, codes(decision)) == (Answer.YES, ["all-verified"])


def test_without_a_benchmark_the_bound_is_only_mentioned(broker):
    decision = broker.can_deploy("shop@1")

    assert decision.answer is Answer.YES
    assert codes(decision) == ["all-verified", *["expectation-unmeasured"] * 2]


def test_a_deployment_that_relies_on_a_decision_notices_newer_evidence(broker):
    broker.finds("shop@1")
    as_of = broker.can_deploy("shop@1", to="guarded").as_of
    broker.finds("shop@1", "fail")

    with pytest.raises(DecisionChanged):
        broker.deploys("shop@1", to="guarded", expect_as_of=as_of)


def patch(broker, name="production", expected=None, **members):
    wanted = EnvironmentPatch(frozenset(members), **members)
    return patch_environment(broker.store, name, wanted, clock=broker.clock, expected=expected)


def test_what_an_environment_requires_is_changed_and_the_rest_stays(broker):
    before = get_environment(broker.store, "production")

    changed = patch(broker, "Production", required_evidence=("chaos", "benchmark", "chaos"))

    assert changed.required_evidence == ("benchmark", "chaos")
    assert (changed.production, changed.created_at) == (True, before.created_at)
    assert get_environment(broker.store, "production") == changed
    assert codes(broker.can_deploy("shop@1"))[:2] == ["evidence-missing"] * 2


def test_everything_else_of_an_environment_can_be_changed(broker):
    members = {"production": False, "display_name": "Live", "contacts": ("ops",)}

    patch(broker, **members)

    found = get_environment(broker.store, "production")
    assert {name: getattr(found, name) for name in members} == members
    assert patch(broker, display_name=None).display_name is None


def test_changing_nothing_writes_nothing(broker):
    before = broker.can_deploy("shop@1").as_of

    patch(broker, "guarded", required_evidence=("chaos",))

    assert broker.can_deploy("shop@1").as_of == before


def test_an_environment_that_changed_meanwhile_is_left_alone(broker):
    read = get_environment(broker.store, "guarded")
    patch(broker, "guarded", display_name="other")

    with pytest.raises(ChangedMeanwhile):
        patch(broker, "guarded", expected=read, required_evidence=())
    with pytest.raises(EnvironmentUnknown):
        patch(broker, "nowhere", required_evidence=())
    with pytest.raises(NameRefused):
        patch(broker, required_evidence=("Chaos",))


def test_a_decision_without_demands_asks_nothing_about_evidence(store):
    world = World(store)
    world.has_environment()
    world.has_environment("guarded", requires=("chaos",))
    world.publishes("shop@1", "pricing")
    world.verifies("pricing@1", "shop@1")
    world.finds("shop@1")
    statements = []
    event.listen(store._engine, "before_cursor_execute", lambda *given: statements.append(given[2]))

    def asked(to):
        statements.clear()
        world.can_deploy("shop@1", to=to)
        return sum("latest_evidence" in each for each in statements)

    assert (asked("production"), asked("guarded")) == (0, 1)
