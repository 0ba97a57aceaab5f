"""Every error is a problem document with a stable code."""

import pytest

from broker.domain.errors import Refusal
from broker.web.problems import status_of
from broker.web.refusals import RequestRefused
from client_sdk.contract.errors import ContractError

VERIFIED = {
    "producer": "pay",
    "version": "1",
    "contract_digest": "sha256:" + "a" * 64,
    "tools": [],
}


def leaves(cause):
    below = cause.__subclasses__()
    return [cause] if not below else [leaf for each in below for leaf in leaves(each)]


@pytest.mark.parametrize(
    "cause",
    [
        leaf
        for root in (Refusal, RequestRefused, ContractError)
        for leaf in leaves(root)
        if leaf.__module__.startswith(("broker.", "client_sdk.contract.errors"))
    ],
    ids=lambda cause: cause.__name__,
)
def test_every_refusal_has_a_status(cause):
    assert 400 <= status_of(cause.__new__(cause)) < 500 or status_of(cause.__new__(cause)) == 503


def test_no_two_refusals_share_a_code():
    codes = [leaf.code for root in (Refusal, RequestRefused) for leaf in leaves(root)]

    assert len(codes) == len(set(codes))


def test_an_address_that_does_not_exist_is_a_problem(client):
    answer = client.get("/api/v1/nothing")

    assert answer.status_code == 404
    assert answer.mimetype == "application/problem+json"
    assert answer.json["code"] == "route-unknown"
    assert answer.json["type"] == "urn:tallystick:problem:route-unknown"
    assert answer.json["request_id"] == answer.headers["X-Request-Id"]


@pytest.mark.parametrize(
    "path", ["/api/v1/participants/", "/api//v1/participants", "/api/v1//participants"]
)
def test_a_path_is_never_corrected(client, path):
    assert client.get(path).json["code"] == "route-unknown"


def test_a_method_that_is_not_taken_names_those_that_are(client):
    answer = client.delete("/api/v1/limits")

    assert answer.status_code == 405
    assert answer.json["code"] == "method-not-allowed"
    assert set(answer.headers["Allow"].split(", ")) == {"GET", "HEAD", "OPTIONS"}


def test_a_bug_tells_nothing_but_its_reference(app, client, capsys):
    app.view_functions["api.limits"] = lambda: 1 / 0

    answer = client.get("/api/v1/limits")

    assert answer.status_code == 500
    assert answer.json["code"] == "internal-error"
    assert "ZeroDivisionError" not in answer.text
    assert "ZeroDivisionError" in capsys.readouterr().out


def test_a_name_nothing_can_have_is_refused_with_its_parameter(client):
    answer = client.get("/api/v1/participants/%E2%80%AE")

    assert answer.status_code == 422
    assert answer.json["code"] == "name-invalid"
    assert answer.json["errors"][0]["parameter"] == "participant"


@pytest.mark.parametrize(
    "path",
    [
        "/participants/a%0A",
        "/participants/a%00",
        "/participants/%FF",
        "/participants/..",
        "/participants/a/versions/a b",
        "/environments/a b",
        "/verifications/x",
        "/verifications/18446744073709551616",
        "/verifications/%D9%A3",
        "/contents/sha256:abc",
    ],
)
def test_no_view_sees_a_name_outside_its_grammar(client, path):
    assert client.get(f"/api/v1{path}").status_code == 422


def test_an_unknown_parameter_is_refused_by_name(client):
    answer = client.get("/api/v1/limits?verbose=1&x=2")

    assert answer.status_code == 400
    assert [each["parameter"] for each in answer.json["errors"]] == ["verbose", "x"]


@pytest.mark.parametrize(
    "query",
    [
        "limit=0",
        "limit=501",
        "limit=-1",
        "limit=1e2",
        "limit=",
        "limit=1&limit=2",
        "limit=99999999999999999999",
        "limit=%D9%A3",
        "cursor=",
        "Limit=3",
    ],
)
def test_a_number_out_of_range_is_refused(client, query):
    answer = client.get(f"/api/v1/participants?{query}")

    assert (answer.status_code, answer.json["code"]) == (400, "parameter-invalid")


@pytest.mark.parametrize("cursor", ["x", "W10", "WyJhIiwiYiJd", "e30", "%00", "W251bGxd"])
def test_a_cursor_nobody_gave_out_is_refused(client, api, cursor):
    api.publish("shop", "1", "pay")

    answer = client.get(f"/api/v1/participants?cursor={cursor}")

    assert (answer.status_code, answer.json["code"]) == (400, "cursor-invalid")


@pytest.mark.parametrize(
    ("query", "parameter", "message"),
    [
        (
            "participant=a&participant=b&version=1",
            "version",
            "must be given as often as participant: they go in pairs",
        ),
        (
            "participant=a&version=1&environment=e&to_main=true",
            "to_main",
            "and environment exclude each other",
        ),
        ("participant=a&version=1&ignore=%00", "ignore", "A participant name has 1 to 128"),
    ],
)
def test_parameters_that_do_not_go_together_are_named(client, query, parameter, message):
    answer = client.get(f"/api/v1/can-i-deploy?{query}")

    (error,) = answer.json["errors"]
    assert (answer.status_code, error["parameter"]) == (400, parameter)
    assert error["message"].startswith(message)


def test_the_sentence_of_a_problem_names_the_first_places_and_counts_the_others(client):
    body = {"name": "ok", "a": 1, "b": 2, "c": 3, "production": "yes"}

    answer = client.post("/api/v1/environments", json=body)

    assert answer.json["detail"] == (
        "The body cannot be used: /production must be true or false; /a is not known here; "
        "/b is not known here; and 1 more."
    )
    assert len(answer.json["errors"]) == 4


def test_a_limit_is_refused_in_our_words(client):
    answer = client.get("/api/v1/participants?limit=501")

    assert answer.json["detail"] == (
        "The address cannot be used: limit must be less than or equal to 500."
    )


def test_an_answer_of_nothing_has_no_media_type(client):
    client.post("/api/v1/publications", json={"participant": "a", "version": "1", "contracts": []})

    answer = client.delete("/api/v1/participants/a")

    assert (answer.status_code, answer.data, "Content-Type" in answer.headers) == (204, b"", False)


def test_an_environment_name_has_its_article(client):
    answer = client.post("/api/v1/environments", json={"name": "a b"})

    assert answer.json["errors"][0]["message"].startswith("An environment name has")


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ([], "it must be an object"),
        ("x", "it must be an object"),
        ({**VERIFIED, "verifier": []}, "/verifier must be an object"),
        ({**VERIFIED, "tools": {}}, "/tools must be a list"),
        ({**VERIFIED, "build_url": 1}, "/build_url must be a text"),
        (
            {**VERIFIED, "consumer": "shop"},
            "consumer and consumer_version go together",
        ),
        (
            {**VERIFIED, "tools": [{"tool_name": "pay", "outcome": "passed", "checks": True}]},
            "/tools/0/checks must be a whole number",
        ),
    ],
)
def test_a_fault_in_a_body_is_said_in_the_words_of_json(api, body, said):
    answer = api.send("POST", "/verifications", body)

    assert answer.json["detail"] == f"The body cannot be used: {said}."


def test_the_sentence_of_a_problem_repeats_no_control_characters(client):
    answer = client.get("/api/v1/participants?%0d%0aX=1&" + "a" * 300 + "=2")

    assert answer.json["detail"] == (
        f"The address cannot be used: ??X is not known here; {'a' * 100} is not known here."
    )
