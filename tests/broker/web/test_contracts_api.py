"""Contracts over HTTP: published once, returned as they came, compared, configured."""

import json

import pytest
from web_client import contract, on_memory_and_file, tool_contract

pytestmark = on_memory_and_file

ODD = b' {"metadata": {"n": 1.10, "big": 123456789012345678901234567890}, "consumer": "shop",\n "producer": "pay", "tools": [{"tool_name": "pay", "version": "1", "input_schema": {}, "output_schema": {}}]} '


def put(client, raw, version="1", **query):
    return client.put(
        f"/api/v1/contracts/shop/pay/versions/{version}",
        data=raw,
        content_type="application/json",
        query_string=query,
    )


def test_a_new_contract_is_created_at_its_address(api):
    answer = api.put_contract(contract("shop", "pay"), "1.0", branch="main")

    assert answer.status_code == 201
    assert answer.headers["Location"] == "/api/v1/contracts/shop/pay/versions/1.0"
    body = answer.json
    assert body["created"] is True
    assert body["publication"]["branches"] == ["main"]
    assert body["publication"]["created_at"].endswith("Z")
    assert body["report"] == {"against": None, "mode": "guide", "severity": "none", "findings": []}


def test_the_same_content_again_changes_nothing(api):
    document = contract("shop", "pay")
    first = api.put_contract(document, "1")

    again = api.put_contract(dict(reversed(document.items())), "1")

    assert (again.status_code, again.json["created"]) == (200, False)
    assert again.json["publication"]["digest"] == first.json["publication"]["digest"]


def test_other_content_for_the_same_version_is_refused_with_what_differs(api):
    stored = api.publish("shop", "1", "pay")

    answer = api.put_contract(contract("shop", "pay", "refund"), "1")

    assert (answer.status_code, answer.json["code"]) == (409, "content-conflict")
    assert answer.json["stored_digest"] == stored
    assert answer.json["delta"]
    assert answer.json["report"]["against"] == {"version": "1", "digest": stored}


def test_a_dry_run_stores_nothing(api):
    answer = api.put_contract(contract("shop", "pay"), "1", dry_run="true")

    assert (answer.status_code, answer.json["created"]) == (200, False)
    assert api.get("/participants").json["items"] == []


def test_the_file_comes_back_byte_for_byte(client):
    put(client, ODD)
    address = "/api/v1/contracts/shop/pay/versions/1"

    by_type = client.get(address, headers={"Accept": "application/vnd.tallystick.contract+json"})
    by_parameter = client.get(address, query_string={"raw": "true"})

    assert by_type.data == by_parameter.data == ODD
    assert by_type.mimetype == "application/vnd.tallystick.contract+json"
    assert by_type.headers["Tallystick-Digest"].startswith("sha256:")


def test_numbers_come_back_exact(client):
    put(client, ODD)

    text = client.get("/api/v1/contracts/shop/pay/versions/1").text

    assert '"n": 1.10' in text
    assert "123456789012345678901234567890" in text


def test_a_contract_says_who_verified_it(api):
    digest = api.publish("shop", "1", "pay")
    api.verify("pay", "7", digest)

    body = api.get("/contracts/shop/pay/versions/1").json

    assert body["contract"] == contract("shop", "pay")
    assert [(each["version"], each["outcome"]) for each in body["verifications"]] == [
        ("7", "passed")
    ]


def test_the_latest_is_that_of_a_branch_or_an_environment(api):
    api.environment("production")
    api.publish("shop", "1", "pay", branch="main")
    api.publish("shop", "2", "pay", branch="feat/x")
    api.deploy("shop", "1")

    def latest(**query):
        return api.get("/contracts/shop/pay/latest", **query).json["publication"]["version"]

    assert latest() == "1"
    assert latest(branch="feat/x") == "2"
    assert latest(environment="production") == "1"


@pytest.mark.parametrize(
    ("path", "code"),
    [
        ("/contracts/shop/pay/versions/9", "contract-unknown"),
        ("/contracts/shop/nobody/versions/1", "participant-unknown"),
        ("/contracts/shop/pay/latest?branch=none", "contract-unknown"),
        ("/contracts/shop/pay/latest?environment=none", "environment-unknown"),
        ("/contracts/shop/pay/diff?from=1&to=9", "contract-unknown"),
        ("/integrations/pay/shop", "integration-unknown"),
        ("/contents/sha256:" + "0" * 64, "content-unknown"),
    ],
)
def test_what_is_not_there_is_named(api, client, path, code):
    api.publish("shop", "1", "pay")

    answer = client.get(f"/api/v1{path}")

    assert (answer.status_code, answer.json["code"]) == (404, code)


def test_publications_are_listed_page_by_page(api):
    for version in ("1", "2", "3"):
        api.publish("shop", version, "pay")

    first = api.get("/contracts/shop/pay/versions", limit=2).json
    second = api.get("/contracts/shop/pay/versions", limit=2, cursor=first["next"]).json

    assert [each["version"] for each in first["items"] + second["items"]] == ["3", "2", "1"]
    assert second["next"] is None


def test_names_in_paths_are_percent_encoded_and_fold_their_case(api, client):
    document = contract("@acme:shop bot", "Pay+1")

    answer = client.put(
        "/api/v1/contracts/%40acme%3Ashop%20bot/pay%2B1/versions/1%3A2", json=document
    )

    assert answer.status_code == 201
    assert (
        answer.headers["Location"]
        == "/api/v1/contracts/%40acme%3Ashop%20bot/pay%2B1/versions/1%3A2"
    )
    assert (
        api.get("/participants/%40ACME%3Ashop%20bot").json["participant"]["name"]
        == "@acme:shop bot"
    )


def test_all_contracts_of_a_version_are_published_together(api):
    body = {
        "participant": "shop",
        "version": "1",
        "branch": "main",
        "contracts": [contract("shop", "pay"), contract("shop", "stock", "count")],
    }

    created = api.send("POST", "/publications", body)
    again = api.send("POST", "/publications", body)

    assert (created.status_code, again.status_code) == (201, 200)
    assert [each["publication"]["producer"] for each in created.json["publications"]] == [
        "pay",
        "stock",
    ]
    assert [each["created"] for each in again.json["publications"]] == [False, False]


def test_the_faults_of_all_contracts_come_at_once(api):
    broken = contract("shop", "pay", tool_contract("pay", input_schema=7))
    body = {"participant": "shop", "version": "1", "contracts": [broken, contract("shop", "x"), {}]}

    answer = api.send("POST", "/publications", body)

    pointers = [each["pointer"] for each in answer.json["errors"]]
    assert answer.status_code == 422
    assert any(pointer.startswith("/contracts/0/tools/0/input_schema") for pointer in pointers)
    assert "/contracts/2" in pointers
    assert not any(pointer.startswith("/contracts/1") for pointer in pointers)
    assert api.get("/participants").json["items"] == []


def test_merging_adds_tools(api):
    api.publish("shop", "1", "pay", "pay")
    body = {"participant": "shop", "version": "1", "contracts": [contract("shop", "pay", "refund")]}

    refused = api.send("POST", "/publications", body)
    merged = api.send("POST", "/publications", {**body, "on_conflict": "merge"})

    assert refused.status_code == 409
    assert merged.status_code in (200, 201)
    stored = api.get("/contracts/shop/pay/versions/1").json["contract"]
    assert {tool["tool_name"] for tool in stored["tools"]} == {"pay", "refund"}


def test_an_integration_is_configured(api):
    api.publish("shop", "1", "pay")
    assert api.get("/integrations/shop/pay").json["integration"] == {
        "consumer": "shop",
        "producer": "pay",
        "mode": "guide",
        "on_breaking": "record",
    }

    answer = api.patch("/integrations/shop/pay", {"mode": "full", "on_breaking": "reject"})

    assert answer.json["integration"]["mode"] == "full"
    assert api.get("/integrations/shop/pay").json == answer.json
    assert api.patch("/integrations/shop/pay", {"mode": "strict"}).status_code == 422


def test_a_comparison_is_json_or_markdown(api, client):
    api.publish("shop", "1", "pay")
    api.publish("shop", "2", "pay", tool_contract("pay", required_output_fields=["id"]))

    body = api.get("/contracts/shop/pay/diff", **{"from": "1", "to": "2"}).json
    text = client.get(
        "/api/v1/contracts/shop/pay/diff?from=1&to=2", headers={"Accept": "text/markdown"}
    )

    assert (body["from"]["version"], body["to"]["version"]) == ("1", "2")
    assert body["report"]["against"]["version"] == "1"
    assert text.mimetype == "text/markdown"
    assert text.text.startswith("## shop → pay: 1 → 2\n")


def test_a_comparison_names_both_sides(api):
    answer = api.get("/contracts/shop/pay/diff")

    assert [each["parameter"] for each in answer.json["errors"]] == ["from", "to"]


def test_a_content_is_found_by_its_digest(api):
    digest = api.publish("shop", "1", "pay")

    answer = api.get(f"/contents/{digest}")

    assert json.loads(answer.data)["tools"] == contract("shop", "pay")["tools"]


def test_a_comparison_of_equal_contents_says_so(api, client):
    api.publish("shop", "1", "pay")
    api.publish("shop", "2", "pay")

    text = client.get(
        "/api/v1/contracts/shop/pay/diff?from=1&to=2", headers={"Accept": "text/markdown"}
    ).text

    assert text.endswith("Nothing changed that anybody relies on (mode `guide`).\n")


def test_a_finding_in_markdown_carries_its_witness(api, client):
    api.publish("shop", "1", "pay")
    api.publish(
        "shop", "2", "pay", tool_contract("pay", input_schema={"amount": {"type": "string"}})
    )

    text = client.get(
        "/api/v1/contracts/shop/pay/diff?from=1&to=2", headers={"Accept": "text/markdown"}
    ).text

    assert "- **error** ` pay input " in text
    assert '\n  Example: ` {"amount": ' in text


def test_words_of_strangers_stay_words_in_markdown(api, client):
    hostile = "<img src=x> `a` | **b**"
    api.publish("shop", "1", "pay", tool_contract(hostile))
    api.publish("shop", "2", "pay", tool_contract("pay"))

    text = client.get(
        "/api/v1/contracts/shop/pay/diff?from=1&to=2", headers={"Accept": "text/markdown"}
    ).text

    outside_code = "".join(text.split("``")[::2])
    assert "<img" not in outside_code.replace("\\<", "")
    assert "`` <img src=x> `a` | **b** tool" in text


def test_an_integration_that_rejects_breaking_changes_refuses_them(api):
    api.publish("shop", "1", "pay", branch="main")
    api.patch("/integrations/shop/pay", {"on_breaking": "reject"})
    document = contract(
        "shop", "pay", tool_contract("pay", input_schema={"amount": {"type": "string"}})
    )

    answer = api.put_contract(document, "2", branch="main")

    assert (answer.status_code, answer.json["code"]) == (409, "breaking-refused")
    assert answer.json["report"]["severity"] == "error"
    assert api.get("/contracts/shop/pay/versions/2").status_code == 404


def test_the_latest_of_a_branch_and_of_an_environment_exclude_each_other(api):
    api.environment("production")
    api.publish("shop", "1", "pay", branch="main")

    answer = api.get("/contracts/shop/pay/latest", branch="main", environment="production")

    assert (answer.status_code, answer.json["errors"][0]["parameter"]) == (400, "environment")
