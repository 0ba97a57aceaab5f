"""The composition root: settings in, a WSGI application out."""

from datetime import UTC, datetime

from flask import Flask, request

from broker.domain.errors import Refusal
from broker.observability import install_observability
from broker.services.ports import Clock, Store
from broker.settings import Settings
from broker.web.api.blueprint import api_blueprints
from broker.web.context import KEY, Context, context
from broker.web.dashboard.blueprint import dashboard_blueprint
from broker.web.dashboard.problem_pages import install_problem_pages
from broker.web.problems import install_problems
from broker.web.refusals import HostUnknown
from broker.web.security_headers import install_security_headers


class SystemClock:
    """The clock of this host."""

    def now(self) -> datetime:
        """This moment, in UTC."""
        return datetime.now(UTC)


def create_app(
    settings: Settings, *, store: Store | None = None, clock: Clock | None = None
) -> Flask:
    """The broker as a WSGI application; opens the settings' database unless a store is given."""
    app = Flask("broker", template_folder="web/api/templates", static_folder=None)
    app.config["MAX_CONTENT_LENGTH"] = settings.max_body_bytes
    # A path means what it says: `//` and a slash at the end are other addresses, not redirects.
    app.url_map.merge_slashes = False
    app.extensions[KEY] = Context(
        store=store or _store_of(settings),
        clock=clock or SystemClock(),
        limits=settings.limits,
        base_url=settings.base_url,
        trusted_hosts=settings.trusted_hosts,
    )
    install_observability(app, is_ready=_store_answers)
    install_security_headers(app)
    install_problems(app)
    install_problem_pages(app)
    app.before_request(_check_host)
    for blueprint in (*api_blueprints(), dashboard_blueprint()):
        app.register_blueprint(blueprint)
    return app


def _store_of(settings: Settings) -> Store:
    from broker.storage.unit_of_work import open_store  # noqa: PLC0415 - a given store needs no SQLAlchemy

    return open_store(settings.database_url)


def _store_answers() -> bool:
    try:
        with context().store.reading() as work:
            work.changes.as_of()
    except Refusal:
        return False
    return True


def _check_host() -> None:
    trusted = context().trusted_hosts
    host = request.host.rsplit(":", 1)[0].lower()
    if trusted and host not in trusted:
        raise HostUnknown
