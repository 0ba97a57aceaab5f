"""The broker's settings: one frozen value, read from the environment with all faults at once."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urlsplit

from client_sdk.contract.document import DEFAULT_LIMITS, Limits

PREFIX = "TALLY_"
T = TypeVar("T")


class SettingsInvalid(Exception):
    """Some environment variables cannot be used; `faults` has one sentence for each."""

    def __init__(self, faults: tuple[str, ...]) -> None:
        super().__init__("; ".join(faults))
        self.faults = faults


def _text(value: str) -> str:
    if not value.strip():
        raise ValueError("is empty")
    return value.strip()


def _database_url(value: str) -> str:
    scheme = _text(value).partition(":")[0].partition("+")[0]
    if scheme not in {"sqlite", "postgresql", "postgres"}:
        raise ValueError("must begin with sqlite: or postgresql:")
    return value.strip()


def _base_url(value: str) -> str:
    parts = urlsplit(_text(value))
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise ValueError("must be an absolute http or https address")
    if parts.query or parts.fragment or parts.username or parts.password:
        raise ValueError("must not have a query, a fragment or credentials")
    return value.strip().rstrip("/")


def _whole(low: int, high: int) -> Callable[[str], int]:
    def read(value: str) -> int:
        if not (value.strip().isascii() and value.strip().isdigit()):
            raise ValueError(f"must be a whole number from {low} to {high}")
        number = int(value) if len(value) < 20 else high + 1  # noqa: PLR2004 - past any bound
        if not low <= number <= high:
            raise ValueError(f"must be a whole number from {low} to {high}")
        return number

    return read


def _claim(value: str) -> bool:
    match value.strip().lower():
        case "true" | "1" | "yes" | "on":
            return True
        case "false" | "0" | "no" | "off":
            return False
        case _:
            raise ValueError("must be true or false")


def _choice(*names: str) -> Callable[[str], str]:
    def read(value: str) -> str:
        if value.strip().lower() not in names:
            raise ValueError(f"must be one of {', '.join(names)}")
        return value.strip().lower()

    return read


def _names(value: str) -> tuple[str, ...]:
    return tuple(name.strip().lower() for name in value.split(",") if name.strip())


def _setting(default: T, read: Callable[[str], T], doc: str, *, secret: bool = False) -> T:
    metadata = {"read": read, "doc": doc}
    return field(default=default, repr=not secret, metadata=metadata)


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything that may differ between two installations; `TALLY_` and the name in capitals."""

    database_url: str = _setting(
        "sqlite:///tallystick.db",
        _database_url,
        "Where the data lives: `sqlite:///file.db` or `postgresql://user:password@host/name`.",
        secret=True,
    )
    host: str = _setting("127.0.0.1", _text, "The address to listen on.")
    port: int = _setting(
        8700, _whole(0, 65535), "The port to listen on; 0 takes a free one and prints it."
    )
    base_url: str | None = _setting(
        None, _base_url, "The address users reach the broker at; links are relative without it."
    )
    trusted_hosts: tuple[str, ...] = _setting(
        (), _names, "Host names to answer to, with commas between; empty answers to every name."
    )
    auto_migrate: bool | None = _setting(
        None, _claim, "Whether starting upgrades the database; by default only on SQLite."
    )
    threads: int = _setting(8, _whole(1, 64), "How many requests are worked on at once.")
    stop_seconds: int = _setting(
        10, _whole(0, 300), "How long requests in flight may take to finish when told to stop."
    )
    log_format: str = _setting("json", _choice("json", "console"), "`json` or `console`.")
    log_level: str = _setting(
        "info", _choice("debug", "info", "warning", "error"), "The least level that is logged."
    )
    max_body_bytes: int = _setting(
        DEFAULT_LIMITS.max_bytes,
        _whole(1_024, 64 * 2**20),
        "The largest request body, in bytes.",
    )
    max_depth: int = _setting(
        DEFAULT_LIMITS.max_depth, _whole(8, 200), "How deep a document may be nested."
    )
    max_values: int = _setting(
        DEFAULT_LIMITS.max_values, _whole(100, 10_000_000), "How many values a document may hold."
    )
    max_tools: int = _setting(
        DEFAULT_LIMITS.max_tools, _whole(1, 100_000), "How many tools a contract may describe."
    )
    max_schema_nodes: int = _setting(
        DEFAULT_LIMITS.max_schema_nodes,
        _whole(100, 1_000_000),
        "How many schema nodes a contract may hold.",
    )

    @property
    def limits(self) -> Limits:
        """What a document that a client sends may at most be."""
        return replace(
            DEFAULT_LIMITS,
            max_bytes=self.max_body_bytes,
            max_depth=self.max_depth,
            max_values=self.max_values,
            max_tools=self.max_tools,
            max_schema_nodes=self.max_schema_nodes,
        )

    @property
    def is_sqlite(self) -> bool:
        """Whether the database is a file of this host."""
        return self.database_url.startswith("sqlite")

    @property
    def migrates_at_start(self) -> bool:
        """Whether starting upgrades a database that is behind."""
        return self.is_sqlite if self.auto_migrate is None else self.auto_migrate


def from_env(environ: Mapping[str, str]) -> Settings:
    """Read the settings out of `TALLY_…` variables.

    `TALLY_NAME_FILE` names a file whose content is the value, for secrets. Raises
    `SettingsInvalid` with every fault at once. Other `TALLY_…` variables belong to the client.
    """
    values: dict[str, Any] = {}
    faults: list[str] = []
    for setting in fields(Settings):
        variable = PREFIX + setting.name.upper()
        try:
            text = _raw_value(environ, variable)
            if text is not None:
                values[setting.name] = setting.metadata["read"](text)
        except (ValueError, OSError) as fault:
            faults.append(f"{variable} {_sentence(fault)}")
    if faults:
        raise SettingsInvalid(tuple(faults))
    return Settings(**values)


def documentation() -> tuple[tuple[str, str, str], ...]:
    """Variable, default and meaning of every setting, for the reference page."""
    return tuple(
        (PREFIX + setting.name.upper(), _shown(setting.default), setting.metadata["doc"])
        for setting in fields(Settings)
    )


def _raw_value(environ: Mapping[str, str], variable: str) -> str | None:
    path = environ.get(f"{variable}_FILE")
    if path is None:
        return environ.get(variable)
    if variable in environ:
        raise ValueError(f"is set, and so is {variable}_FILE: keep one of them")
    return Path(path).read_text(encoding="utf-8").strip()


def _sentence(fault: ValueError | OSError) -> str:
    if isinstance(fault, OSError):
        return f"cannot be read from {fault.filename}: {fault.strerror}"
    return str(fault)


def _shown(default: object) -> str:
    match default:
        case None | ():
            return ""
        case bool():
            return str(default).lower()
        case _:
            return str(default)
