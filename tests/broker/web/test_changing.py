"""PATCH over HTTP: only what was read is changed, and nothing without saying which that is."""

import pytest
from web_client import on_every_store

from broker.services import participants

pytestmark = on_every_store
CHANGES = [
    ("/participants/shop", {"display_name": "One"}, {"display_name": "Two"}),
    ("/integrations/shop/pay", {"mode": "full"}, {"mode": "none"}),
    ("/environments/production", {"display_name": "One"}, {"display_name": "Two"}),
]
each_resource = pytest.mark.parametrize(("path", "change", "other"), CHANGES)


@pytest.fixture
def shop(api):
    api.publish("shop", "1", "pay")
    api.environment("production")
    return api


def if_match(tag):
    return {"If-Match": tag}


@each_resource
def test_a_change_without_what_it_changes_is_refused_with_a_recipe(shop, path, change, other):
    before = shop.get(path).json

    answer = shop.send("PATCH", path, change)

    assert (answer.status_code, answer.json["code"]) == (428, "precondition-required")
    assert f"GET /api/v1{path}" in answer.json["detail"]
    assert "If-Match: *" in answer.json["detail"]
    assert shop.get(path).json == before


@each_resource
def test_only_what_was_read_is_changed(shop, path, change, other):
    read = if_match(shop.get(path).headers["ETag"])

    first = shop.send("PATCH", path, change, headers=read)
    second = shop.send("PATCH", path, other, headers=read)
    fresh = if_match(shop.get(path).headers["ETag"])

    assert first.status_code == 200
    assert (second.status_code, second.json["code"]) == (412, "changed-meanwhile")
    assert shop.send("PATCH", path, other, headers=fresh).status_code == 200


@each_resource
def test_the_answer_to_a_change_carries_the_tag_for_the_next(shop, path, change, other):
    first = shop.send("PATCH", path, change, headers=if_match("*"))

    assert first.headers["ETag"] == shop.get(path).headers["ETag"]
    second = shop.send("PATCH", path, other, headers=if_match(first.headers["ETag"]))
    assert second.status_code == 200


@each_resource
@pytest.mark.parametrize("tag", ['W/"0"', '"0"', "0", '"a", "b"'])
def test_a_tag_of_something_else_changes_nothing(shop, path, change, other, tag):
    before = shop.get(path).json

    assert shop.send("PATCH", path, change, headers=if_match(tag)).status_code == 412
    assert shop.get(path).json == before


@pytest.mark.parametrize(
    "path", ["/participants/nobody", "/integrations/shop/nobody", "/environments/nowhere"]
)
def test_what_does_not_exist_is_said_before_what_is_missing(shop, path):
    assert shop.send("PATCH", path, {}).status_code == 404


def test_a_body_that_cannot_be_used_is_said_before_what_is_missing(shop):
    assert shop.send("PATCH", "/participants/shop", {"name": "x"}).status_code == 422


def test_a_change_between_the_check_and_the_write_is_seen(shop, monkeypatch):
    read = if_match(shop.get("/participants/shop").headers["ETag"])
    service = participants.patch_participant

    def late(*arguments, **named):
        monkeypatch.undo()
        shop.patch("/participants/shop", {"display_name": "One"})
        return service(*arguments, **named)

    monkeypatch.setattr(participants, "patch_participant", late)
    answer = shop.send("PATCH", "/participants/shop", {"display_name": "Two"}, headers=read)

    assert answer.status_code == 412
    assert shop.get("/participants/shop").json["participant"]["display_name"] == "One"


@pytest.mark.parametrize(
    ("path", "change"),
    [
        ("/participants/shop", lambda api: api.patch("/participants/shop", {"display_name": "x"})),
        ("/participants/shop/versions/1", lambda api: api.publish("shop", "1", "pay", branch="b")),
    ],
)
def test_what_changed_since_it_was_read_is_not_deleted(shop, client, path, change):
    read = if_match(shop.get(path).headers["ETag"])
    change(shop)

    stale = client.delete(f"/api/v1{path}", headers=read)
    fresh = client.delete(f"/api/v1{path}", headers=if_match(shop.get(path).headers["ETag"]))

    assert (stale.status_code, stale.json["code"]) == (412, "changed-meanwhile")
    assert fresh.status_code == 204


@pytest.mark.parametrize("headers", [{}, if_match("*")])
def test_deleting_needs_no_tag(shop, client, headers):
    assert client.delete("/api/v1/participants/shop", headers=headers).status_code == 204
