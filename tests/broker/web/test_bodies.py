"""A body is checked before anything reads it: declared, small, plain, strict, complete."""

import pytest
from web_client import contract

PUT = "/api/v1/contracts/shop/pay/versions/1"


def put(client, body, **how):
    return client.put(PUT, data=body, **{"content_type": "application/json", **how})


@pytest.mark.parametrize(
    "content_type",
    [
        "text/plain",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "",
        "application/json; charset=latin-1",
        "application/jsonx",
        "text/json",
    ],
)
def test_only_json_is_read(client, content_type):
    answer = put(client, b"{}", content_type=content_type)

    assert (answer.status_code, answer.json["code"]) == (415, "media-type-unsupported")


@pytest.mark.parametrize(
    "content_type", ["application/json; charset=UTF-8", "application/vnd.tallystick.contract+json"]
)
def test_json_by_another_name_is_read(client, content_type):
    assert put(client, b"{}", content_type=content_type).json["code"] == "document-invalid"


def test_a_compressed_body_is_refused_unread(client):
    answer = put(client, b"\x1f\x8b", headers={"Content-Encoding": "gzip"})

    assert (answer.status_code, answer.json["code"]) == (415, "content-encoding-unsupported")


def test_a_body_of_unknown_length_is_refused(client):
    answer = client.open(
        PUT,
        method="PUT",
        headers={"Content-Type": "application/json", "Transfer-Encoding": "chunked"},
    )

    assert (answer.status_code, answer.json["code"]) == (411, "length-required")


def test_a_body_over_the_limit_is_refused_unread(client):
    answer = put(client, b" " * (2 * 2**20 + 1))

    assert (answer.status_code, answer.json["code"]) == (413, "body-too-large")
    assert "2097152" in answer.json["detail"]


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"", "not-json"),
        (b"{", "not-json"),
        (b'{"a": NaN}', None),
        (b'{"a": 1, "a": 2}', None),
        (b'{"a": "\\ud800"}', None),
        (b'{"a": "\\u0000"}', None),
        (b"\xef\xbb\xbf{}", "byte-order-mark"),
        (b'{"a": 1e999}', None),
        (b"[" * 100_000, "too-deep"),
        (b'{"a": "\xff"}', "not-utf8"),
    ],
)
def test_json_is_strict(client, body, reason):
    answer = put(client, body)

    assert (answer.status_code, answer.json["code"]) == (400, "document-malformed")
    assert reason in (None, answer.json["errors"][0]["code"])


def test_too_many_values_is_too_large(client):
    answer = put(client, b"[" + b"1," * 70_000 + b"1]")

    assert (answer.status_code, answer.json["code"]) == (413, "document-too-large")


def test_every_fault_of_a_contract_comes_at_once_with_its_pointer(client):
    answer = put(client, b'{"consumer": "shop", "tools": [{"tool_name": "pay"}]}')

    assert (answer.status_code, answer.json["code"]) == (422, "document-invalid")
    pointers = {each["pointer"] for each in answer.json["errors"]}
    assert {"", "/tools/0"} <= pointers


def test_every_fault_of_a_body_comes_at_once_with_its_pointer(api):
    answer = api.send(
        "POST",
        "/verifications",
        {
            "producer": "a\n",
            "version": 1,
            "id": 7,
            "tools": [{"tool_name": "pay", "outcome": "ok"}],
        },
    )

    assert (answer.status_code, answer.json["code"]) == (422, "body-invalid")
    assert [each["pointer"] for each in answer.json["errors"]] == [
        "/producer",
        "/version",
        "/tools/0/outcome",
        "/id",
    ]


@pytest.mark.parametrize("body", ["null", "[]", "true", "1", '"text"', "{}", "[[]]", '{"a": {}}'])
def test_a_body_of_another_shape_is_a_fault_not_a_bug(client, body):
    for method, path in (
        ("POST", "/environments"),
        ("POST", "/publications"),
        ("POST", "/verifications"),
        ("PUT", "/contracts/shop/pay/versions/1"),
    ):
        answer = client.open(
            f"/api/v1{path}", method=method, data=body, content_type="application/json"
        )
        assert answer.status_code == 422


@pytest.mark.parametrize("checks", [True, "1", 1.5, -1, 2**31, None])
def test_a_count_is_a_whole_number(api, checks):
    answer = api.post_verification(
        producer="pay",
        version="1",
        contract_digest="sha256:" + "0" * 64,
        tools=[{"tool_name": "pay", "outcome": "passed", "checks": checks}],
    )

    assert answer.json["errors"][0]["pointer"] == "/tools/0/checks"


def test_one_point_zero_is_one(client):
    body = (
        b'{"producer": "pay", "version": "1", "contract_digest": "sha256:'
        + b"0" * 64
        + b'", "tools": [{"tool_name": "pay", "outcome": "passed", "checks": 1.0}]}'
    )

    answer = client.post("/api/v1/verifications", data=body, content_type="application/json")

    assert answer.json["code"] == "content-unknown"


@pytest.mark.parametrize(
    "address",
    [
        "javascript:alert(1)",
        "ftp://host/x",
        "https://user:word@host/",
        "/relative",
        "https://",
        "https://host/a b",
        "http://example.com\\@127.0.0.1/",
        "https://h\u00f6st/",
    ],
)
def test_a_link_is_an_absolute_web_address_without_credentials(api, address):
    answer = api.put_contract({"consumer": "shop", "producer": "pay"}, "1", build_url=address)

    assert (answer.status_code, answer.json["errors"][0]["parameter"]) == (400, "build_url")


def test_a_contract_that_names_others_than_its_address_is_refused(api, client):
    answer = api.send("PUT", "/contracts/shop/pay/versions/1", contract("Shop", "bank"))

    assert (answer.status_code, answer.json["code"]) == (422, "document-invalid")
    assert [each["pointer"] for each in answer.json["errors"]] == ["/producer"]
