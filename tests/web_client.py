"""A test client that holds every answer against openapi.yaml before a test sees it."""

import functools
import json
import re

import pytest
from flask.testing import FlaskClient
from jsonschema import Draft202012Validator
from referencing import Registry
from referencing.jsonschema import DRAFT202012
from werkzeug.exceptions import HTTPException

from broker.web.api.description import description

ROOT = "urn:api"


class ConformingClient(FlaskClient):
    """Raises AssertionError when an answer is not one that the description promises."""

    def open(self, *args, **kwargs):
        answer = super().open(*args, **kwargs)
        check_answer(self.application, answer)
        return answer


def check_answer(app, answer):
    request = answer.request
    adapter = app.url_map.bind("localhost")
    try:
        rule, _ = adapter.match(request.path, method=request.method, return_rule=True)
    except HTTPException:
        assert_problem(answer)
        return
    path = re.sub(r"<(?:[^:<>]+:)?([a-z_]+)>", r"{\1}", rule.rule)
    operation = description()["paths"].get(path, {}).get(request.method.lower())
    if operation is not None:
        check_described(answer, path, request.method.lower(), operation)


def check_described(answer, path, method, operation):
    status = next(
        (
            each
            for each in (str(answer.status_code), f"{answer.status_code // 100}XX")
            if each in operation["responses"]
        ),
        None,
    )
    assert status is not None, (
        f"{method} {path} answered {answer.status_code}, which is not described"
    )
    described = resolved(operation["responses"][status])
    content = described.get("content", {})
    if not content:
        assert answer.data == b""
        return
    assert answer.mimetype in content, f"{answer.mimetype} is not described for {method} {path}"
    if answer.mimetype.endswith("json"):
        place = "/".join(("paths", escaped(path), method, "responses", status))
        if "$ref" in operation["responses"][status]:
            place = operation["responses"][status]["$ref"].removeprefix("#/")
        validate_at(f"{place}/content/{escaped(answer.mimetype)}/schema", json.loads(answer.data))


def assert_problem(answer):
    if answer.status_code >= 400:
        assert answer.mimetype == "application/problem+json"
        validate_at("components/schemas/Problem", json.loads(answer.data))


def validate_at(place, value):
    errors = [
        f"{error.json_path}: {error.message}" for error in validator(place).iter_errors(value)
    ]
    assert not errors, errors


@functools.cache
def validator(place):
    registry = Registry().with_resource(ROOT, DRAFT202012.create_resource(description()))
    return Draft202012Validator({"$ref": f"{ROOT}#/{place}"}, registry=registry)


def resolved(part):
    found = part
    while "$ref" in found:
        target = description()
        for token in found["$ref"].removeprefix("#/").split("/"):
            target = target[token]
        found = target
    return found


def escaped(token):
    return token.replace("~", "~0").replace("/", "~1").replace("{", "%7B").replace("}", "%7D")


def contract(consumer, producer, *tools, **members):
    """A contract document; each tool is a name, or a whole tool contract."""
    return {
        "consumer": consumer,
        "producer": producer,
        "tools": [
            tool_contract(each) if isinstance(each, str) else each for each in tools or ("pay",)
        ],
        **members,
    }


def tool_contract(name, **members):
    return {
        "tool_name": name,
        "version": "1",
        "input_schema": {"amount": {"type": "number"}},
        "output_schema": {"id": {"type": "string"}},
        **members,
    }


class Api:
    """Says what a test arranges in the words of the broker, over HTTP."""

    def __init__(self, client):
        self._client = client

    def put_contract(self, document, version, **query):
        path = "/contracts/{consumer}/{producer}/versions/".format(**document) + version
        return self.send("PUT", path, document, **query)

    def publish(self, consumer, version, producer, *tools, **query):
        answer = self.put_contract(contract(consumer, producer, *tools), version, **query)
        assert answer.status_code in (200, 201), answer.text
        return answer.json["publication"]["digest"]

    def post_verification(self, **body):
        return self.send("POST", "/verifications", body)

    def verify(self, producer, version, digest, *tools, outcome="passed", **members):
        results = [{"tool_name": tool, "outcome": outcome} for tool in tools or ("pay",)]
        answer = self.post_verification(
            producer=producer, version=version, contract_digest=digest, tools=results, **members
        )
        assert answer.status_code == 201, answer.text
        return answer.json["verification"]

    def environment(self, name, **members):
        answer = self.send("POST", "/environments", {"name": name, **members})
        assert answer.status_code == 201, answer.text

    def deploy(self, participant, version, environment="production", **members):
        body = {"participant": participant, "version": version, **members}
        answer = self.send("POST", f"/environments/{environment}/deployments", body)
        assert answer.status_code == 201, answer.text
        return answer.json["deployment"]

    def release(self, participant, version, environment="production"):
        body = {"participant": participant, "version": version}
        answer = self.send("POST", f"/environments/{environment}/releases", body)
        assert answer.status_code == 201, answer.text
        return answer.json["release"]

    def undeploy(self, deployment):
        self._end("deployments", deployment)

    def end_release(self, release):
        self._end("releases", release)

    def can_i_deploy(self, *versions, **query):
        named = [("participant", each.split("@")[0]) for each in versions]
        named += [("version", each.split("@")[1]) for each in versions]
        pairs = [*named, *((name, one) for name, each in query.items() for one in listed(each))]
        answer = self._client.get("/api/v1/can-i-deploy", query_string=pairs)
        assert answer.status_code == 200, answer.text
        return answer.json

    def get(self, path, **query):
        return self._client.get(f"/api/v1{path}", query_string=query)

    def send(self, method, path, body, *, headers=None, **query):
        return self._client.open(
            f"/api/v1{path}", method=method, json=body, headers=headers, query_string=query
        )

    def patch(self, path, body):
        """Change what is there now, whatever it is."""
        read = self.get(path).headers.get("ETag", "*")
        return self.send("PATCH", path, body, headers={"If-Match": read})

    def delete(self, path):
        return self._client.delete(f"/api/v1{path}")

    def _end(self, kind, placement):
        path = f"/environments/{placement['environment']}/{kind}/{placement['id']}"
        assert self.delete(path).status_code == 204


def listed(value):
    return value if isinstance(value, list | tuple) else [value]


# What a module's `pytestmark` may be; a database server costs half a second a test.
on_memory_and_file = pytest.mark.parametrize("kept_in", ["memory", "sqlite"], indirect=True)
on_every_store = pytest.mark.parametrize(
    "kept_in",
    ["memory", "sqlite", pytest.param("postgres", marks=pytest.mark.postgres)],
    indirect=True,
)
