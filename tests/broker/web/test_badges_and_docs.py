"""Badges and the page about the API: self-contained, and safe with hostile names."""

import re
from xml.etree import ElementTree as ET

import yaml

from broker.web.api.badges import Badge, svg_from_badge
from broker.web.api.description import description


def words(answer):
    assert answer.status_code == 200
    return ET.fromstring(answer.data).attrib["aria-label"]


def test_a_contract_badge_says_how_the_newest_contract_fares(api):
    digest = api.publish("shop", "1", "pay")
    assert words(api.get("/badges/contracts/shop/pay.svg")) == "shop → pay: ○ unverified"

    api.verify("pay", "1", digest)
    assert words(api.get("/badges/contracts/shop/pay.svg")) == "shop → pay: ✓ verified"

    api.verify("pay", "1", digest, outcome="failed")
    assert words(api.get("/badges/contracts/shop/pay.svg")) == "shop → pay: ✗ failed"


def test_a_badge_tells_not_tested_from_verified(api):
    digest = api.publish("shop", "1", "pay")
    api.verify("pay", "1", digest, outcome="not_tested")

    assert words(api.get("/badges/contracts/shop/pay.svg")) == "shop → pay: ○ not tested"


def test_a_deploy_badge_asks_for_the_head_of_the_main_branch(api):
    api.environment("production")
    digest = api.publish("shop", "1", "pay")
    assert (
        words(api.get("/badges/deploy/shop/production.svg")) == "shop to production: no main branch"
    )

    api.publish("shop", "1", "pay", branch="main")
    assert words(api.get("/badges/deploy/shop/production.svg")) == "shop to production: ? unknown"

    api.verify("pay", "1", digest)
    api.deploy("pay", "1")
    assert words(api.get("/badges/deploy/shop/production.svg")) == "shop to production: ✓ yes"


def test_a_badge_is_shown_elsewhere_and_never_kept(api):
    api.publish("shop", "1", "pay")

    headers = api.get("/badges/contracts/shop/pay.svg").headers

    assert headers["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert headers["Cache-Control"] == "no-cache, max-age=0"


def test_badges_and_the_description_also_stand_beside_the_pages(api, client):
    """dashboard.md: `/badge/{kind}/….svg` and `/openapi.yaml`."""
    api.publish("shop", "1", "pay", branch="main")
    api.environment("production")
    for badge in ("contracts/shop/pay", "deploy/shop/production"):
        short = client.get(f"/badge/{badge}.svg")
        assert words(short) == words(api.get(f"/badges/{badge}.svg"))

    source = client.get("/openapi.yaml")
    assert source.mimetype == "application/yaml"
    assert yaml.safe_load(source.data) == api.get("/openapi.json").json


def test_a_badge_for_nobody_is_a_problem(api):
    assert api.get("/badges/contracts/shop/pay.svg").json["code"] == "participant-unknown"


def test_words_stay_words():
    svg = svg_from_badge(Badge("<script>&", '"]]>', "#005f9e"))

    assert "<script>" not in svg
    assert ET.fromstring(svg).attrib["aria-label"] == '<script>&: "]]>'


def test_the_page_loads_nothing_and_runs_nothing(client):
    page = client.get("/docs/api")

    assert page.text.startswith("<!doctype html>")
    assert "<script" not in page.text
    assert not re.search(r'(?:src|href)="(?!#|/api/v1/openapi.json")', page.text)
    assert "script-src" not in page.headers["Content-Security-Policy"]
    assert re.search(
        r"style-src 'sha256-[A-Za-z0-9+/]{43}='", page.headers["Content-Security-Policy"]
    )


def test_the_page_names_every_operation(client):
    page = client.get("/docs/api").text

    for path in description()["paths"]:
        assert path in page
