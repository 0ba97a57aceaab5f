"""What requests may hold in their query: one model per operation, every parameter a text."""

from typing import Annotated, Literal

from pydantic import Field, ValidationInfo, field_validator

from broker.domain.can_i_deploy import Ignore
from broker.domain.matrix import RowOutcome
from broker.domain.paging import DEFAULT_LIMIT, LARGEST_LIMIT, LONGEST_CURSOR, Page
from broker.web.api.bodies import ModeText
from broker.web.api.edge import Strict
from broker.web.api.fields import (
    BranchName,
    ClaimText,
    EnvironmentName,
    EvidenceKind,
    ParticipantName,
    VersionNumber,
    WebAddress,
    WholeText,
)
from client_sdk.contract.errors import NameRefused
from client_sdk.contract.names import check_participant_name, check_version_number

MOST_NAMED = 50


class PageQuery(Strict):
    """Which page of a list."""

    cursor: Annotated[str, Field(min_length=1, max_length=LONGEST_CURSOR)] | None = None
    limit: Annotated[WholeText, Field(ge=1, le=LARGEST_LIMIT)] = DEFAULT_LIMIT

    @property
    def page(self) -> Page:
        """The domain's value."""
        return Page(cursor=self.cursor, limit=self.limit)


class PublishQuery(Strict):
    """How to publish one contract."""

    branch: BranchName | None = None
    build_url: WebAddress | None = None
    mode: ModeText | None = None
    dry_run: ClaimText = False


class PublishAllQuery(Strict):
    """How to publish all contracts of a version."""

    mode: ModeText | None = None
    dry_run: ClaimText = False


class ContractQuery(Strict):
    """How to show one contract."""

    raw: ClaimText = False


class LatestQuery(ContractQuery):
    """Which contract is the latest."""

    branch: BranchName | None = None
    environment: EnvironmentName | None = None

    @field_validator("environment")
    @classmethod
    def _is_one_place(cls, environment: str | None, info: ValidationInfo) -> str | None:
        if environment is not None and info.data.get("branch") is not None:
            raise ValueError("and branch exclude each other")
        return environment


class DiffQuery(Strict):
    """What to compare."""

    from_version: Annotated[VersionNumber, Field(alias="from")]
    to: VersionNumber
    mode: ModeText | None = None


class ToVerifyQuery(Strict):
    """What a producer build asks for; `branch` is its own."""

    branch: BranchName | None = None
    environment: EnvironmentName | None = None
    consumer: ParticipantName | None = None


class VerificationsQuery(PageQuery):
    """Which verifications."""

    consumer: ParticipantName | None = None
    producer: ParticipantName | None = None


class EvidenceParameters(PageQuery):
    """Which evidence."""

    participant: ParticipantName | None = None
    version: VersionNumber | None = None
    kind: EvidenceKind | None = None


class MatrixParameters(PageQuery):
    """Which rows."""

    consumer: ParticipantName | None = None
    producer: ParticipantName | None = None
    environment: EnvironmentName | None = None
    branch: BranchName | None = None
    outcome: Annotated[RowOutcome, Field(strict=False)] | None = None


class DeployParameters(Strict):
    """Which versions, where to; `participant` and `version` go in pairs."""

    participant: Annotated[tuple[ParticipantName, ...], Field(min_length=1, max_length=MOST_NAMED)]
    version: Annotated[tuple[VersionNumber, ...], Field(min_length=1, max_length=MOST_NAMED)]
    environment: EnvironmentName | None = None
    to_main: ClaimText = False
    ignore: Annotated[tuple[str, ...], Field(max_length=MOST_NAMED)] = ()
    evidence: Literal["tested", "any"] = "any"

    @field_validator("version")
    @classmethod
    def _goes_in_pairs(cls, version: tuple[str, ...], info: ValidationInfo) -> tuple[str, ...]:
        if len(info.data.get("participant", version)) != len(version):
            raise ValueError("must be given as often as participant: they go in pairs")
        return version

    @field_validator("to_main")
    @classmethod
    def _is_one_place(cls, to_main: bool, info: ValidationInfo) -> bool:  # noqa: FBT001 - pydantic calls it so
        if to_main and info.data.get("environment") is not None:
            raise ValueError("and environment exclude each other")
        return to_main

    @field_validator("ignore")
    @classmethod
    def _names_participants(cls, ignore: tuple[str, ...]) -> tuple[str, ...]:
        for text in ignore:
            ignore_from_text(text)
        return ignore


class PlacementsQuery(PageQuery):
    """Which deployments or releases of an environment."""

    participant: ParticipantName | None = None
    ended: ClaimText = False


class VersionsQuery(PageQuery):
    """Which versions of a participant."""

    branch: BranchName | None = None


class BranchesQuery(PageQuery):
    """Which branches of a participant."""

    name: BranchName | None = None


class BranchQuery(Strict):
    """One branch of a participant; its name may hold slashes, so it stands in no path."""

    name: BranchName


def ignore_from_text(text: str) -> Ignore:
    """`NAME` or `NAME@VERSION`, split at the last `@` that is not the first character.

    A name may begin with `@` and hold more of them; a version may hold them too, so the longest
    name is meant. Raises ValueError.
    """
    name, at, version = text.rpartition("@")
    try:
        if not at or not name:
            return Ignore(check_participant_name(text))
        return Ignore(check_participant_name(name), check_version_number(version))
    except NameRefused as refused:
        raise ValueError(str(refused)) from None
