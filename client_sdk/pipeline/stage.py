"""What a pipeline is made of: stages in order, each a job with its steps, limits and rights."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Role(StrEnum):
    """Which side of a contract a participant stands on."""

    CONSUMER = "consumer"
    PRODUCER = "producer"
    BOTH = "both"

    @property
    def consumes(self) -> bool:
        """Whether it publishes contracts."""
        return self is not Role.PRODUCER

    @property
    def produces(self) -> bool:
        """Whether others' contracts are verified against it."""
        return self is not Role.CONSUMER


@dataclass(frozen=True, slots=True)
class Project:
    """What the pipeline has to know about the repository it is written for.

    `deploy` is called with `--env ENVIRONMENT --agent-id ID`, `start` with `--port PORT`; both are
    shell commands of the project's own. `canary` is more options for `tally canary run`, `patience`
    how often `tally can-i-deploy` asks again, every 15 s, while others still verify. `states` is
    the path where the producer sets provider states up, or empty.
    """

    participant: str
    role: Role = Role.CONSUMER
    agent_id: str = "test-agent"
    source: str = "src"
    deploy: str = "./deploy"
    start: str = "./start"
    states: str = ""
    canary: str = ""
    patience: int = 10
    python: str = "3.12"


@dataclass(frozen=True, slots=True)
class Step:
    """One shell command, and all that it sees, by the name it sees it under.

    `env` is plain text, `variables` names settings of the repository, `secrets` its secrets.
    """

    name: str
    run: str
    env: Mapping[str, str] = field(default_factory=dict)
    variables: Mapping[str, str] = field(default_factory=dict)
    secrets: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Stage:
    """One job: it starts when `needs` passed, and is stopped after `timeout_minutes`.

    `budget_seconds` is how long it should take; the job says so when it takes longer.
    """

    name: str
    purpose: str
    steps: tuple[Step, ...] = ()
    budget_seconds: int = 300
    timeout_minutes: int = 10
    needs: tuple[str, ...] = ()
    main_only: bool = False
    reports_of: str | None = None
    """The stage whose reports must be at hand."""
    environment: str | None = None
    """The protected environment whose approval and secrets the job needs."""
