"""Environments and participants over HTTP."""

import pytest
from web_client import on_memory_and_file

pytestmark = on_memory_and_file


def test_an_environment_is_created_once(api):
    body = {"name": "production", "production": True, "display_name": "Live", "contacts": ["ops"]}

    created = api.send("POST", "/environments", body)
    again = api.send("POST", "/environments", {"name": "Production"})

    assert created.status_code == 201
    assert created.headers["Location"] == "/api/v1/environments/production"
    assert body.items() <= created.json["environment"].items()
    assert (again.status_code, again.json["code"]) == (409, "environment-exists")
    assert api.get("/environments/production").json == created.json


def test_environments_are_listed_production_first_and_in_pages(api):
    for name in ("staging", "test"):
        api.environment(name)
    api.environment("live", production=True)

    first = api.get("/environments", limit=2).json
    second = api.get("/environments", limit=2, cursor=first["next"]).json

    assert [each["name"] for each in first["items"]] == ["live", "staging"]
    assert [each["name"] for each in second["items"]] == ["test"]
    assert second["next"] is None


def test_a_deployment_is_recorded_listed_and_ended(api):
    api.environment("production")
    api.publish("shop", "1", "pay")

    deployment = api.deploy("shop", "1", instance="eu")

    assert deployment["instance"] == "eu"
    assert api.get("/environments/production/deployments").json["items"] == [deployment]
    api.undeploy(deployment)
    assert api.get("/environments/production/deployments").json["items"] == []
    past = api.get("/environments/production/deployments", ended="true").json["items"]
    assert past[0]["undeployed_at"] is not None


def test_deploying_what_runs_changes_nothing(api):
    api.environment("production")
    api.publish("shop", "1", "pay")

    assert api.deploy("shop", "1") == api.deploy("shop", "1")


def test_deploying_an_unseen_version_creates_it_and_says_so(api):
    api.environment("production")
    api.publish("shop", "1", "pay")

    answer = api.send(
        "POST", "/environments/production/deployments", {"participant": "shop", "version": "2"}
    )

    assert answer.status_code == 201
    assert answer.json["notices"]
    assert api.get("/participants/shop/versions/2").status_code == 200


@pytest.mark.parametrize("kind", ["deployments", "releases"])
def test_placing_a_stranger_is_refused(api, kind):
    api.environment("production")

    answer = api.send(
        "POST", f"/environments/production/{kind}", {"participant": "shop", "version": "1"}
    )

    assert (answer.status_code, answer.json["code"]) == (404, "participant-unknown")


def test_a_release_is_recorded_listed_and_ended(api):
    api.environment("production")
    api.publish("shop", "1", "pay")
    release = api.release("shop", "1")

    assert api.get("/environments/production/releases", participant="shop").json["items"] == [
        release
    ]
    api.end_release(release)
    api.end_release(release)
    assert api.get("/environments/production/releases").json["items"] == []


@pytest.mark.parametrize("path", ["deployments/9", "releases/9"])
def test_ending_what_never_was_is_a_404(api, path):
    api.environment("production")

    assert api.delete(f"/environments/production/{path}").status_code == 404


def test_participants_are_listed_by_name(api):
    api.publish("shop", "1", "pay")

    page = api.get("/participants", limit=1).json

    assert [each["name"] for each in page["items"]] == ["pay"]
    assert api.get("/participants", cursor=page["next"]).json["items"][0]["name"] == "shop"


def test_a_patch_changes_what_it_names_and_null_clears(api):
    api.publish("shop", "1", "pay", branch="main")

    changed = api.patch(
        "/participants/shop",
        {"display_name": "The shop", "labels": {"team": "blue"}, "main_branch": "trunk"},
    ).json["participant"]
    cleared = api.patch("/participants/shop", {"display_name": None}).json["participant"]

    assert (changed["display_name"], changed["main_branch"]) == ("The shop", "trunk")
    assert (cleared["display_name"], cleared["labels"]) == (None, {"team": "blue"})


@pytest.mark.parametrize(
    "body",
    [
        {"name": "other"},
        {"created_at": "2020-01-01T00:00:00Z"},
        {"repository_url": "javascript:alert(1)"},
        {"display_name": "a\u0007b"},
        {"labels": {"a": 1}},
        {"labels": {str(n): "x" for n in range(51)}},
    ],
)
def test_nothing_else_of_a_participant_can_be_set(api, body):
    api.publish("shop", "1", "pay")

    answer = api.patch("/participants/shop", body)

    assert (answer.status_code, answer.json["code"]) == (422, "body-invalid")


def test_versions_and_branches_are_listed(api):
    api.publish("shop", "1", "pay", branch="main")
    api.publish("shop", "2", "pay", branch="feat/x")

    versions = api.get("/participants/shop/versions").json["items"]
    on_main = api.get("/participants/shop/versions", branch="main").json["items"]
    branches = api.get("/participants/shop/branches").json["items"]

    assert [each["version"] for each in versions] == ["2", "1"]
    assert [each["version"] for each in on_main] == ["1"]
    assert [(each["name"], each["head"]) for each in branches] == [("feat/x", "2"), ("main", "1")]


def test_deleting_is_refused_while_anything_runs(api):
    api.environment("production")
    api.publish("shop", "1", "pay")
    deployment = api.deploy("shop", "1")

    assert api.delete("/participants/shop").json["code"] == "still-deployed"
    assert api.delete("/participants/shop/versions/1").json["environments"] == ["production"]
    api.undeploy(deployment)
    assert api.delete("/participants/shop/versions/1").status_code == 204
    assert api.delete("/participants/shop").status_code == 204
    assert api.get("/participants/shop").json["code"] == "participant-unknown"


@pytest.mark.parametrize("limit", [1, 2, 3])
def test_the_last_page_says_that_it_is_the_last(api, limit):
    for name in ("live", "staging", "test")[:limit]:
        api.environment(name)

    assert api.get("/environments", limit=limit).json["next"] is None


def test_a_branch_is_read_and_deleted_by_name(api):
    api.publish("shop", "1", "pay", branch="main")
    api.publish("shop", "2", "pay", branch="feat/x")
    path = "/participants/shop/branches"

    (found,) = api.get(path, name="feat/x").json["items"]
    assert (found["name"], found["head"]) == ("feat/x", "2")
    assert api.get(path, name="feat/y").json["items"] == []
    assert api.delete(f"{path}?name=feat/x").status_code == 204
    assert api.delete(f"{path}?name=feat/x").json["code"] == "branch-unknown"
    assert api.get("/participants/shop/versions/2").json["version"]["branches"] == []


@pytest.mark.parametrize(
    ("query", "status", "code"),
    [
        ("", 400, "parameter-invalid"),
        ("?name=", 400, "parameter-invalid"),
        ("?name=a&name=b", 400, "parameter-invalid"),
        ("?name=main&force=true", 400, "parameter-invalid"),
        ("?name=main", 409, "main-branch-kept"),
        ("?name=other", 404, "branch-unknown"),
    ],
)
def test_no_other_branch_is_deleted(api, query, status, code):
    api.publish("shop", "1", "pay", branch="main")

    answer = api.delete(f"/participants/shop/branches{query}")

    assert (answer.status_code, answer.json["code"]) == (status, code)
    assert api.get("/participants/shop/branches").json["items"][0]["name"] == "main"


def test_a_main_branch_that_is_not_there_yet_is_said(api):
    api.publish("shop", "1", "pay", branch="main")

    trunk = api.patch("/participants/shop", {"main_branch": "trunk"})
    back = api.patch("/participants/shop", {"main_branch": "main"})

    assert [each["level"] for each in trunk.json["notices"]] == ["warning"]
    assert back.json["notices"] == []


def test_what_comes_between_two_pages_repeats_and_skips_nothing(api):
    for name in ("b", "c", "d"):
        api.environment(name)
        api.publish("shop", name, "pay", branch=name)

    def pages(path):
        first = api.get(path, limit=2).json
        api.environment(f"A-{len(path)}")
        api.publish("shop", f"a{len(path)}", "pay", branch=f"a{len(path)}")
        return first["items"] + api.get(path, limit=9, cursor=first["next"]).json["items"]

    for path in ("/environments", "/participants/shop/branches"):
        names = [each["name"] for each in pages(path)]
        assert [name for name in names if name[0] in "bcd"] == ["b", "c", "d"]


def test_a_cursor_of_another_list_is_refused(api):
    for name in ("b", "c"):
        api.environment(name)
        api.publish(name, "1", "pay")
    cursor = api.get("/environments", limit=1).json["next"]

    for path in ("/participants", "/participants/b/branches"):  # the latter has none
        answer = api.get(path, cursor=cursor)
        assert (answer.status_code, answer.json["code"]) == (400, "cursor-invalid")


def test_what_was_placed_is_read_where_the_answer_says_it_lives(api, client):
    api.environment("production")
    api.publish("shop", "1", "pay")
    body = {"participant": "shop", "version": "1"}

    for kind, noun in (("deployments", "deployment"), ("releases", "release")):
        created = api.send("POST", f"/environments/production/{kind}", body)
        found = client.get(created.headers["Location"])
        again = client.get(
            created.headers["Location"], headers={"If-None-Match": found.headers["ETag"]}
        )
        assert found.json == {noun: created.json[noun]}
        assert again.status_code == 304
        client.delete(created.headers["Location"])
        ended = client.get(created.headers["Location"])
        assert {"undeployed_at", "support_ended_at"} & ended.json[noun].keys()
        assert found.json != ended.json


@pytest.mark.parametrize("kind", ["deployments", "releases"])
def test_what_was_never_placed_is_not_found(api, kind):
    api.environment("production")

    assert api.get(f"/environments/production/{kind}/9").status_code == 404
    assert api.get(f"/environments/nowhere/{kind}/9").json["code"] == "environment-unknown"
    assert api.get(f"/environments/production/{kind}/x").status_code == 422


def test_null_clears_labels_too(api):
    api.publish("shop", "1", "pay")
    api.patch("/participants/shop", {"labels": {"team": "blue"}})

    assert api.patch("/participants/shop", {"labels": None}).json["participant"]["labels"] == {}


def test_a_label_without_a_name_is_said_to_have_none(api):
    api.publish("shop", "1", "pay")

    (error,) = api.patch("/participants/shop", {"labels": {"": "x"}}).json["errors"]

    assert error == {
        "pointer": "/labels/",
        "message": "has a name that must have at least 1 character",
    }
