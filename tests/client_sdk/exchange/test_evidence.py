"""Evidence as the tools of the kit hand it over (issue 4 point 9, E0.7)."""

import pytest

from client_sdk.contract.canonical import digest_of
from client_sdk.exchange.evidence import Evidence, EvidenceKind, Outcome


def evidence(**members):
    return Evidence("benchmark", Outcome.PASS, "mailer", "3.1", **members)


def test_the_body_holds_exactly_what_the_broker_takes():
    body = evidence(numbers={"tools": {"send": {"max_bytes": 512}}}).to_json()

    assert list(body) == ["kind", "verdict", "participant", "version", "payload", "digest"]
    assert body["verdict"] == "pass"
    assert body["payload"]["numbers"] == {"tools": {"send": {"max_bytes": 512}}}
    assert body["payload"]["tool"]["name"] == "tally"


def test_the_digest_is_that_of_everything_else():
    body = evidence(seed=7, commit="abc", inputs={"contract": "sha256:1"}).to_json()
    rest = {name: value for name, value in body.items() if name != "digest"}

    assert body["digest"] == digest_of(rest)


@pytest.mark.parametrize(
    "other",
    [
        evidence(seed=2),
        evidence(seed=1, commit="abc"),
        evidence(seed=1, numbers={"calls": 1}),
        evidence(seed=1, inputs={"cassette": "sha256:1"}),
        Evidence("benchmark", Outcome.FAIL, "mailer", "3.1", seed=1),
        Evidence("chaos", Outcome.PASS, "mailer", "3.1", seed=1),
        Evidence("benchmark", Outcome.PASS, "mailer", "3.2", seed=1),
    ],
)
def test_another_finding_has_another_digest(other):
    assert other.to_json()["digest"] != evidence(seed=1).to_json()["digest"]


def test_the_same_finding_has_the_same_digest():
    assert evidence(seed=1).to_json() == evidence(seed=1).to_json()


def test_what_is_not_known_is_left_out_and_a_seed_of_zero_is_known():
    assert {"seed", "commit"}.isdisjoint(evidence().to_json()["payload"])
    assert evidence(seed=0).to_json()["payload"]["seed"] == 0


def test_the_values_of_verdicts_and_kinds_are_those_of_the_wire():
    assert [each.value for each in Outcome] == ["pass", "fail", "inconclusive", "error"]
    assert [each.value for each in EvidenceKind] == [
        "benchmark",
        "canary",
        "cassettes",
        "chaos",
        "contract",
        "mock-fidelity",
    ]
