"""Answers carry an ETag; requests may carry a key: nothing is read or done twice."""

import pytest
from web_client import contract, on_memory_and_file

from broker.domain.errors import StoreBusy

pytestmark = on_memory_and_file


def keyed(api, key, name="production", **members):
    return api.send(
        "POST", "/environments", {"name": name, **members}, headers={"Idempotency-Key": key}
    )


@pytest.mark.parametrize(
    "path",
    [
        "/participants/shop",
        "/contracts/shop/pay/versions/1",
        "/can-i-deploy?participant=shop&version=1",
        "/limits",
        "/openapi.json",
        "/badges/contracts/shop/pay.svg",
    ],
)
def test_a_reader_that_has_the_answer_gets_304(api, client, path):
    api.publish("shop", "1", "pay")
    answer = client.get(f"/api/v1{path}")

    again = client.get(f"/api/v1{path}", headers={"If-None-Match": answer.headers["ETag"]})

    assert (again.status_code, again.data) == (304, b"")
    assert again.headers["ETag"] == answer.headers["ETag"]


def test_another_answer_has_another_etag(api):
    api.publish("shop", "1", "pay")
    before = api.get("/participants/shop").headers["ETag"]
    api.patch("/participants/shop", {"display_name": "The shop"})

    assert api.get("/participants/shop").headers["ETag"] != before


def test_an_error_has_no_etag(client):
    assert "ETag" not in client.get("/api/v1/participants/nobody").headers


def test_the_same_request_again_is_answered_the_same_way(api):
    first = keyed(api, "k-1")
    again = keyed(api, "k-1")

    assert (first.status_code, again.status_code) == (201, 201)
    assert again.data == first.data
    assert again.headers["Location"] == first.headers["Location"]
    assert again.headers["Idempotency-Replayed"] == "true"
    assert "Idempotency-Replayed" not in first.headers


def test_a_result_is_recorded_once_under_its_key(api):
    digest = api.publish("shop", "1", "pay")
    body = {
        "producer": "pay",
        "version": "1",
        "contract_digest": digest,
        "tools": [{"tool_name": "pay", "outcome": "passed"}],
    }

    for _ in range(3):
        api.send("POST", "/verifications", body, headers={"Idempotency-Key": "run-7"})

    assert [each["number"] for each in api.get("/verifications").json["items"]] == [1]


def test_a_key_belongs_to_one_request(api):
    keyed(api, "k-1")

    other = keyed(api, "k-1", "staging")

    assert (other.status_code, other.json["code"]) == (422, "idempotency-key-reused")
    assert api.get("/environments/staging").status_code == 404


def test_a_request_that_failed_may_be_tried_again_under_its_key(api):
    api.environment("production")
    refused = keyed(api, "k-1")
    again = keyed(api, "k-1")

    assert (refused.status_code, again.status_code) == (409, 409)
    assert "Idempotency-Replayed" not in again.headers
    assert keyed(api, "k-1", "staging").status_code == 201


def test_a_key_is_busy_while_its_request_is_worked_on(app, api, client):
    seen = []
    view = app.view_functions["api.create_environment"]

    def slow():
        app.view_functions["api.create_environment"] = view
        seen.append(keyed(api, "k-1"))
        return view()

    app.view_functions["api.create_environment"] = slow
    answer = keyed(api, "k-1")

    assert answer.status_code == 201
    assert (seen[0].status_code, seen[0].json["code"]) == (409, "idempotency-key-busy")
    assert seen[0].headers["Retry-After"] == "1"


def test_a_key_lapses_after_a_day(api, clock):
    keyed(api, "k-1")
    clock.pass_hours(25)

    assert keyed(api, "k-1").json["code"] == "environment-exists"


def test_a_key_whose_process_died_lapses_soon(app, api, clock, monkeypatch):
    monkeypatch.setattr("broker.web.api.repeating._settle", busy)
    keyed(api, "k-1")
    monkeypatch.undo()
    assert keyed(api, "k-1").json["code"] == "idempotency-key-busy"

    clock.pass_hours(1)

    assert keyed(api, "k-1").json["code"] == "environment-exists"


def busy(*_):
    raise StoreBusy


@pytest.mark.parametrize("key", ["", " ", "a b", "x" * 256, "caf\u00e9"])
def test_a_key_is_printable_ascii(api, key):
    assert keyed(api, key).json["code"] == "idempotency-key-invalid"


def test_a_key_on_anything_but_post_says_nothing(api):
    answer = api.send(
        "PUT",
        "/contracts/shop/pay/versions/1",
        contract("shop", "pay"),
        headers={"Idempotency-Key": "a b"},
    )

    assert answer.status_code == 201
