"""The description of the API is valid, and says exactly what the application does."""

import re

import pytest
from openapi_spec_validator import validate

from broker.web.api.description import description

METHODS = {"get", "put", "post", "patch", "delete"}


def operations():
    return {
        (method.upper(), path): item[method]
        for path, item in description()["paths"].items()
        for method in METHODS & item.keys()
    }


def routes(app):
    return {
        (method, re.sub(r"<(?:[^:<>]+:)?([a-z_]+)>", r"{\1}", rule.rule)): rule.endpoint
        for rule in app.url_map.iter_rules()
        for method in rule.methods - {"HEAD", "OPTIONS"}
        if not rule.endpoint.startswith("dashboard")
    }


def test_the_description_is_valid_openapi():
    validate(description())


def test_every_route_is_described_and_nothing_else(app):
    assert operations().keys() == routes(app).keys()


def test_an_operation_is_named_like_the_function_that_does_it(app):
    named = {
        place: re.sub(r"_([a-z])", lambda found: found[1].upper(), endpoint.split(".")[-1])
        for place, endpoint in routes(app).items()
        if endpoint.startswith("api.")
    }
    described = {place: each["operationId"] for place, each in operations().items()}

    assert {place: described[place] for place in named} == named


@pytest.mark.parametrize("place", sorted(operations()), ids=" ".join)
def test_every_operation_says_how_it_fails(place):
    assert {"4XX", "5XX"} <= operations()[place]["responses"].keys()


def test_every_path_parameter_is_described_where_it_stands():
    for (_, path), item in {
        (method, path): description()["paths"][path] for method, path in operations()
    }.items():
        named = {
            each["$ref"].rpartition("/")[2] for each in item.get("parameters", ()) if "$ref" in each
        }
        inline = {each["name"] for each in item.get("parameters", ()) if "name" in each}
        resolved = {description()["components"]["parameters"][name]["name"] for name in named}
        assert resolved | inline == set(re.findall(r"{([a-z_]+)}", path))
