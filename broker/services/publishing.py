"""Publishing contracts: all of a consumer version in one transaction, or one alone.

Reports are computed between two transactions: look, judge, then write only if what was seen
still holds. After a few rounds in which somebody else always came first, the last round does
everything under the write lock, so that it ends.
"""

from broker.domain.errors import PublicationInvalid, WriteContended
from broker.domain.publication import Comparison, PublishOutcome, StoredPublication
from broker.domain.publishing import PublishAllRequest, PublishRequest, publication_faults
from broker.services.ports import Clock, Store
from broker.services.publications import (
    compare,
    configure_integration,
    content_by_digest,
    get_integration,
    get_publication,
    latest_publication,
    list_publications,
)
from broker.services.publishing_rounds import judge, look, still_holds
from broker.services.publishing_writes import LostRace, outcomes, write
from client_sdk.contract.names import (
    check_branch_name,
    check_participant_name,
    check_version_number,
)

__all__ = [
    "Comparison",
    "PublishAllRequest",
    "PublishRequest",
    "StoredPublication",
    "compare",
    "configure_integration",
    "content_by_digest",
    "get_integration",
    "get_publication",
    "latest_publication",
    "list_publications",
    "publish",
    "publish_all",
]

_ROUNDS = 5


def publish(store: Store, request: PublishRequest, *, clock: Clock) -> PublishOutcome:
    """Publish one contract; `created` is false when the version published this content before.

    Raises `ContentConflict` for other content of the same version, `BreakingRefused` when the
    integration rejects it; then nothing is stored.
    """
    alone = PublishAllRequest(
        participant=request.contract.consumer,
        version=request.version,
        branch=request.branch,
        build_url=request.build_url,
        contracts=((request.contract, request.received),),
        mode=request.mode,
        dry_run=request.dry_run,
        default_mode=request.default_mode,
    )
    return publish_all(store, alone, clock=clock)[0]


def publish_all(
    store: Store, request: PublishAllRequest, *, clock: Clock
) -> tuple[PublishOutcome, ...]:
    """Publish all contracts of a version, or none when one is refused; in the order given.

    Raises what `publish` raises, `PublicationInvalid` when they do not belong together,
    `MergeConflict` and `VersionFrozen` when merging is asked and cannot be, `UsesSomething`
    when none is given and the version published before.
    """
    _check(request)
    for _ in range(_ROUNDS):
        with store.reading() as uow:
            seen = look(uow, request)
        ready = judge(request, seen)
        at = clock.now()
        if request.dry_run or ready.changes_nothing:
            return outcomes(ready, at)
        try:
            with store.writing() as uow:
                if ready.merges:
                    # A result or deployment that commits meanwhile would freeze the version.
                    uow.changes.hold()
                if still_holds(uow, request, seen):
                    return write(uow, ready, at)
        except LostRace:
            continue
    return _publish_alone(store, request, clock)


def _publish_alone(
    store: Store, request: PublishAllRequest, clock: Clock
) -> tuple[PublishOutcome, ...]:
    try:
        with store.writing() as uow:
            uow.changes.hold()
            return write(uow, judge(request, look(uow, request)), clock.now())
    except LostRace as lost:
        raise WriteContended(_ROUNDS + 1) from lost


def _check(request: PublishAllRequest) -> None:
    check_participant_name(request.participant)
    check_version_number(request.version)
    if request.branch is not None:
        check_branch_name(request.branch)
    faults = publication_faults(request)
    if faults:
        raise PublicationInvalid(faults)
