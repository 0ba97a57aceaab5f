"""POST /publications in its less common forms: tried without storing, in a mode, after nothing."""

import pytest
from web_client import contract, on_every_store, tool_contract

pytestmark = on_every_store


def post(api, *contracts, version="1", query=None, **members):
    body = {"participant": "shop", "version": version, "contracts": list(contracts), **members}
    return api.send("POST", "/publications", body, **(query or {}))


def test_what_is_only_tried_is_judged_and_not_stored(api):
    answer = post(api, contract("shop", "pay"), contract("shop", "ship"), query={"dry_run": "true"})

    told = answer.json["publications"]
    assert answer.status_code == 200
    assert [each["created"] for each in told] == [False, False]
    assert [each["publication"]["producer"] for each in told] == ["pay", "ship"]
    assert api.get("/participants").json["items"] == []


def test_trying_an_empty_list_stores_nothing(api):
    assert post(api, query={"dry_run": "true"}).json == {"publications": []}
    assert api.get("/participants/shop").status_code == 404


def test_trying_is_refused_like_publishing(api):
    post(api, contract("shop", "pay"))
    other = contract("shop", "pay", tool_contract("pay", description="other"))

    tried = post(api, other, query={"dry_run": "true"})
    merged = post(api, other, on_conflict="merge", query={"dry_run": "true"})
    emptied = post(api, query={"dry_run": "true"})

    codes = [each.json["code"] for each in (tried, merged, emptied)]
    assert codes == ["content-conflict", "merge-conflict", "uses-something"]


def test_trying_a_merge_leaves_the_content_as_it_was(api):
    post(api, contract("shop", "pay"))
    before = api.get("/contracts/shop/pay/versions/1").json

    tried = post(
        api, contract("shop", "pay", "refund"), on_conflict="merge", query={"dry_run": "true"}
    )

    (told,) = tried.json["publications"]
    assert told["publication"]["digest"] != before["publication"]["digest"]
    assert api.get("/contracts/shop/pay/versions/1").json == before


def test_the_mode_of_one_publication_may_be_named(api):
    post(api, contract("shop", "pay"))
    told = post(api, contract("shop", "pay"), version="2", query={"mode": "full"}).json

    assert told["publications"][0]["report"]["mode"] == "full"


@pytest.mark.parametrize("query", [{"mode": "strict"}, {"dry_run": "yes"}, {"branch": "main"}])
def test_no_other_query_is_taken(api, query):
    answer = post(api, contract("shop", "pay"), query=query)

    assert (answer.status_code, answer.json["code"]) == (400, "parameter-invalid")


def test_a_version_that_published_after_all_no_longer_says_that_it_uses_nothing(api):
    post(api)
    path = "/participants/shop/versions/1"
    assert api.get(path).json["version"]["uses_nothing"] is True

    assert post(api, contract("shop", "pay")).status_code == 201

    assert api.get(path).json["version"]["uses_nothing"] is False
    listed = api.get("/participants/shop/versions").json["items"]
    assert [each["uses_nothing"] for each in listed] == [False]
