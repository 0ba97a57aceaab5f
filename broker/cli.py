"""The server's commands: `tally serve`, and `tally db` for its database."""

import gc
import ipaddress
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from typing import NoReturn
from urllib.parse import urlsplit

import click

from broker.settings import PREFIX, Settings, SettingsInvalid, from_env

# Everything else is imported by the command that needs it: `tally` looks at this module for
# its list of commands, and must not pay for a web server and an ORM to print its help.

BEHIND = 1
USAGE = 2
UNREACHABLE = 4
LOOPBACK_NAMES = ("127.0.0.1", "localhost", "::1", "[::1]")
LOCAL_MODE = (
    "Local mode: no tokens guard this broker. It listens on this machine only, and everybody "
    "on this machine may change everything."
)

_MANY = ("TALLY_TRUSTED_HOSTS",)  # an option names one of them

_DATABASE = click.option(
    "--database-url", metavar="URL", help="The database; otherwise TALLY_DATABASE_URL says it."
)


@click.command()
@click.option("--host", help="The address to listen on.")
@click.option("--port", help="The port; 0 takes a free one. Standard output says the address.")
@_DATABASE
@click.option("--base-url", metavar="URL", help="The address users reach the broker at.")
@click.option("--trusted-host", "trusted_hosts", multiple=True, help="A host name to answer to.")
@click.option("--threads", help="How many requests are worked on at once.")
@click.option("--log-format", help="json or console.")
@click.option("--log-level", help="debug, info, warning or error.")
@click.option(
    "--auto-migrate/--no-auto-migrate",
    default=None,
    help="Whether to upgrade the database first; by default only on SQLite.",
)
def serve(
    *, trusted_hosts: tuple[str, ...], auto_migrate: bool | None, **texts: str | None
) -> None:
    """Serve the broker until told to stop.

    `TALLY_…` variables say what the options do not.
    """
    settings = _settings(
        {
            **texts,
            "trusted_hosts": ",".join(trusted_hosts) or None,
            "auto_migrate": None if auto_migrate is None else str(auto_migrate),
        }
    )
    _refuse_open_doors(settings)
    _bring_database_up(settings)
    _serve(_with_own_hosts(settings))


@click.group()
def db() -> None:
    """Look after the broker's database."""


@db.command()
@_DATABASE
@click.option("--to", default="head", show_default=True, help="The revision to reach.")
def upgrade(database_url: str | None, to: str) -> None:
    """Bring the database up to what this program needs; safe to run again."""
    from broker.storage import migrating  # noqa: PLC0415

    settings = _settings({"database_url": database_url})
    with _database_troubles(settings):
        reached = migrating.upgrade(settings.database_url, to)
    click.echo(f"The database is at revision {reached.current or 'none'}.")


@db.command()
@_DATABASE
@click.argument("to")
def downgrade(database_url: str | None, to: str) -> None:
    """Take the database back to revision TO, or to `base`: empty."""
    from broker.storage import migrating  # noqa: PLC0415

    settings = _settings({"database_url": database_url})
    with _database_troubles(settings):
        reached = migrating.downgrade(settings.database_url, to)
    click.echo(f"The database is at revision {reached.current or 'none'}.")


@db.command()
@_DATABASE
def current(database_url: str | None) -> None:
    """Say where the database stands; exit code 1 when it is not where it must be."""
    from broker.storage import migrating  # noqa: PLC0415

    settings = _settings({"database_url": database_url})
    with _database_troubles(settings):
        found = migrating.standing(settings.database_url)
    click.echo(f"The database is at revision {found.current or 'none'}, needed is {found.head}.")
    if not found.is_current:
        raise click.exceptions.Exit(BEHIND)


commands: tuple[click.Command, ...] = (serve, db)


def _settings(options: Mapping[str, str | None]) -> Settings:
    """The environment's settings, where options win; every fault at once."""
    given = {PREFIX + name.upper(): text for name, text in options.items() if text is not None}
    files = {f"{name}_FILE" for name in given}
    environ = {name: text for name, text in os.environ.items() if name not in files}
    try:
        return from_env({**environ, **given})
    except SettingsInvalid as invalid:
        faults = (_as_given(fault, given) for fault in invalid.faults)
        _leave("\n  ".join(("these settings cannot be used:", *faults)), USAGE)


def _as_given(fault: str, given: Mapping[str, str]) -> str:
    """The fault under the name it was given by: that of an option, or that of a variable."""
    name, _, rest = fault.partition(" ")
    option = name.removeprefix(PREFIX).lower().removesuffix("s" if name in _MANY else "")
    return f"--{option.replace('_', '-')} {rest}" if name in given else fault


def _refuse_open_doors(settings: Settings) -> None:
    if _is_loopback(settings.host):
        return
    _leave(
        f"will not listen on {settings.host}: no tokens guard this broker, so everybody who "
        "reaches that address could change everything. This version has no tokens yet (`tally "
        "tokens create` will make the first): listen on 127.0.0.1 and put a proxy that "
        "authenticates in front.",
        USAGE,
    )


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _bring_database_up(settings: Settings) -> None:
    from broker.storage import migrating  # noqa: PLC0415

    with _database_troubles(settings):
        bring = migrating.upgrade if settings.migrates_at_start else migrating.standing
        found = bring(settings.database_url)
    if not found.is_current:
        _leave(
            f"the database is at revision {found.current or 'none'}, this program needs "
            f"{found.head}. Run `tally db upgrade`, or start with --auto-migrate.",
            BEHIND,
        )


def _with_own_hosts(settings: Settings) -> Settings:
    """Answer to this machine's names only, so that no web page reaches us by renaming us."""
    if settings.trusted_hosts:
        return settings
    public = urlsplit(settings.base_url or "").hostname
    own = (settings.host.lower(), *((public,) if public else ()))
    return replace(settings, trusted_hosts=(*LOOPBACK_NAMES, *own))


def _serve(settings: Settings) -> None:
    from broker.app import create_app  # noqa: PLC0415
    from broker.observability import configure_logging  # noqa: PLC0415
    from broker.web.serving import Serving, address_of, listen, serve_until_told  # noqa: PLC0415

    configure_logging(level=settings.log_level, as_json=settings.log_format == "json")
    try:
        listener = listen(settings.host, settings.port)
    except OSError as error:
        where = f"{settings.host}:{settings.port}"
        remedy = "choose another with --port; --port 0 takes a free one"
        _leave(f"cannot listen on {where}: {error.strerror}; {remedy}", USAGE)
    app = create_app(settings)
    # What was loaded lives as long as the process: no collection need look at it again.
    gc.collect()
    gc.freeze()
    click.echo(LOCAL_MODE, err=True)
    click.echo(f"Serving on {address_of(listener)}")
    serving = Serving(settings.threads, settings.max_body_bytes, settings.stop_seconds)
    serve_until_told(app, listener, serving)


@contextmanager
def _database_troubles(settings: Settings) -> Iterator[None]:
    from broker.domain.errors import Refusal  # noqa: PLC0415
    from broker.storage.engine import DatabaseUrlInvalid, database_url  # noqa: PLC0415
    from broker.storage.migrating import MigrationRefused  # noqa: PLC0415

    try:
        yield
    except DatabaseUrlInvalid as invalid:
        _leave(str(invalid), USAGE)
    except MigrationRefused as refused:
        _leave(f"the database was left as it was: {refused}", BEHIND)
    except Refusal as refusal:
        address = database_url(settings.database_url).render_as_string(hide_password=True)
        _leave(f"{refusal} ({address}: {_first_line(refusal.__cause__)})", UNREACHABLE)


def _first_line(cause: BaseException | None) -> str:
    """What the driver says: for whoever starts the broker, and nobody else."""
    said = str(getattr(cause, "orig", cause)).strip()
    return said.partition("\n")[0] if said else "no cause is known"


def _leave(sentence: str, code: int) -> NoReturn:
    click.echo(f"tally: {sentence}", err=True)
    raise click.exceptions.Exit(code)
