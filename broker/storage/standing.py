"""Which versions stand at a destination now."""

from collections.abc import Collection
from typing import assert_never

from sqlalchemy import bindparam, select, union

from broker.domain.can_i_deploy import AmongThemselves, Destination, ToEnvironment, ToMain
from broker.storage import tables as t
from broker.storage.transaction import Transaction

_D = t.deployments.c
_R = t.releases.c
_B = t.branches.c
_P = t.participants.c

# A version that is both deployed and supported stands there once.
_IN_ENVIRONMENT = union(
    select(_D.version_id).where(
        _D.environment_id == bindparam("environment"),
        _D.participant_id.in_(bindparam("participants", expanding=True)),
        _D.undeployed_at.is_(None),
    ),
    select(_R.version_id).where(
        _R.environment_id == bindparam("environment"),
        _R.participant_id.in_(bindparam("participants", expanding=True)),
        _R.support_ended_at.is_(None),
    ),
)
_ALL_IN_ENVIRONMENT = union(
    select(_D.version_id).where(
        _D.environment_id == bindparam("environment"), _D.undeployed_at.is_(None)
    ),
    select(_R.version_id).where(
        _R.environment_id == bindparam("environment"), _R.support_ended_at.is_(None)
    ),
)
_MAIN_HEADS = (
    select(_B.head_id.label("version_id"))
    .join_from(t.branches, t.participants, _B.participant_id == _P.id)
    .where(
        _B.participant_id.in_(bindparam("participants", expanding=True)),
        _B.name == _P.main_branch,
    )
)


def standing_versions(
    transaction: Transaction, destination: Destination, participants: Collection[int]
) -> list[int]:
    """The ids of the participants' versions that stand at the destination."""
    match destination:
        case ToEnvironment(name):
            environment = transaction.environment_id(name)
            rows = transaction.rows_in(
                _IN_ENVIRONMENT, "participants", participants, environment=environment
            )
        case ToMain():
            rows = transaction.rows_in(_MAIN_HEADS, "participants", participants)
        case AmongThemselves():
            return []
        case _ as unreachable:
            assert_never(unreachable)
    return [row.version_id for row in rows]


def versions_in(transaction: Transaction, environment: str) -> list[int]:
    """The ids of all versions that stand in an environment."""
    asked = {"environment": transaction.environment_id(environment)}
    return [row.version_id for row in transaction.rows(_ALL_IN_ENVIRONMENT, asked)]
