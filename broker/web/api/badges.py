"""Badges: small pictures for a README, drawn here, each saying its words in text too."""

from dataclasses import dataclass
from html import escape

from flask import Response

from broker.domain.can_i_deploy import Answer, DeployQuery, ToEnvironment
from broker.domain.participant import VersionRef
from broker.domain.publication import StoredPublication
from broker.domain.verification import ToolOutcome
from broker.services import can_i_deploy as deciding
from broker.services import participants as known
from broker.services import publications
from broker.web.api.routing import Route
from broker.web.context import context

SVG_TYPE = "image/svg+xml"
GOOD = "#005f9e"
BAD = "#9c3000"
OPEN = "#4d4d4d"

_HEIGHT = 20
_PADDING = 6
_WIDE = frozenset("mwMWABCDEFGHKNOPQRSUVXYZ@%")
_NARROW = frozenset("iljtfrI.,:;|!()[]- ")


@dataclass(frozen=True, slots=True)
class Badge:
    """Two fields side by side; never told apart by colour alone."""

    label: str
    message: str
    colour: str


def contract_badge(consumer: str, producer: str) -> Response:
    """GET whether the newest contract of a pair is verified."""
    stored = publications.latest_publication(context().store, consumer, producer)
    return _picture(_badge_of_contract(stored))


def deploy_badge(participant: str, environment: str) -> Response:
    """GET whether the head of the main branch may go to an environment."""
    store = context().store
    main = known.get_participant(store, participant).main_branch
    heads = {branch.name: branch.head for branch in known.list_branches(store, participant)}
    if main is None or main not in heads:
        return _picture(Badge(f"{participant} to {environment}", "no main branch", OPEN))
    asked = DeployQuery((VersionRef(participant, heads[main]),), ToEnvironment(environment))
    answer = deciding.can_i_deploy(store, asked).answer
    words, colour = _ANSWERS[answer]
    return _picture(Badge(f"{participant} to {environment}", words, colour))


def svg_from_badge(badge: Badge) -> str:
    """The picture; readers that cannot see it get the same words."""
    label, message = escape(badge.label), escape(badge.message)
    left, right = _width(badge.label), _width(badge.message)
    middle = _HEIGHT - 6
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{left + right}" height="{_HEIGHT}" '
        f'role="img" aria-label="{label}: {message}"><title>{label}: {message}</title>'
        f'<rect width="{left}" height="{_HEIGHT}" fill="#333333"/>'
        f'<rect x="{left}" width="{right}" height="{_HEIGHT}" fill="{badge.colour}"/>'
        '<g fill="#ffffff" font-family="Verdana,DejaVu Sans,sans-serif" font-size="11" '
        'text-anchor="middle">'
        f'<text x="{left / 2}" y="{middle}">{label}</text>'
        f'<text x="{left + right / 2}" y="{middle}">{message}</text></g></svg>'
    )


_ANSWERS = {
    Answer.YES: ("✓ yes", GOOD),
    Answer.NO: ("✗ no", BAD),
    Answer.UNKNOWN: ("? unknown", OPEN),
}


def _badge_of_contract(stored: StoredPublication) -> Badge:
    publication = stored.publication
    label = f"{publication.consumer} → {publication.producer}"
    if not stored.verifications:
        return Badge(label, "○ unverified", OPEN)
    match stored.verifications[0].outcome:
        case ToolOutcome.PASSED:
            return Badge(label, "✓ verified", GOOD)
        case ToolOutcome.FAILED:
            return Badge(label, "✗ failed", BAD)
        case ToolOutcome.NOT_TESTED:
            return Badge(label, "○ not tested", OPEN)


def _picture(badge: Badge) -> Response:
    response = Response(svg_from_badge(badge), content_type=f"{SVG_TYPE}; charset=utf-8")
    # READMEs elsewhere show it; image proxies ask again each time.
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    response.headers["Cache-Control"] = "no-cache, max-age=0"
    return response


def _width(text: str) -> int:
    """About as wide as Verdana draws it at 11 pixels."""
    return round(2 * _PADDING + sum(_advance(sign) for sign in text))


def _advance(sign: str) -> float:
    if sign in _NARROW:
        return 4.4
    return 8.6 if sign in _WIDE else 7.0


ROUTES = (
    Route("GET", "/badges/contracts/<consumer>/<producer>.svg", contract_badge),
    Route("GET", "/badges/deploy/<participant>/<environment>.svg", deploy_badge),
)
# Short addresses beside the dashboard's, for who writes a README by hand.
PAGES = (
    Route("GET", "/badge/contracts/<consumer>/<producer>.svg", contract_badge),
    Route("GET", "/badge/deploy/<participant>/<environment>.svg", deploy_badge),
)
