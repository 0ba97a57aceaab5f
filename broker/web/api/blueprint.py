"""The native API as blueprints: every noun's routes under `/api/v1`, and the page about them."""

from flask import Blueprint

from broker.web.api import (
    badges,
    contracts,
    decisions,
    description,
    environments,
    evidence,
    participants,
    verifications,
)
from broker.web.api.conditional import install_conditional
from broker.web.api.repeating import install_repeating
from broker.web.api.routing import blueprint_of
from broker.web.urls import API

NOUNS = (
    contracts,
    verifications,
    decisions,
    environments,
    evidence,
    participants,
    badges,
    description,
)


def api_blueprints() -> tuple[Blueprint, ...]:
    """Blueprints for one application; each call makes new ones."""
    api = blueprint_of("api", API, [route for noun in NOUNS for route in noun.ROUTES])
    install_repeating(api)
    install_conditional(api)
    pages = blueprint_of("api_pages", "", (*description.PAGES, *badges.PAGES))
    install_conditional(pages)
    return api, pages
