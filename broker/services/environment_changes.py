"""Changing what is known of an environment."""

from dataclasses import dataclass, replace

from broker.domain.change import Change, ChangeKind
from broker.domain.environment import Environment
from broker.domain.errors import ChangedMeanwhile
from broker.domain.evidence import checked_kinds
from broker.services.naming import known_environment
from broker.services.ports import Clock, Store


@dataclass(frozen=True, slots=True)
class EnvironmentPatch:
    """What to change of an environment: the members in `given`."""

    given: frozenset[str]
    production: bool = False
    display_name: str | None = None
    contacts: tuple[str, ...] = ()
    required_evidence: tuple[str, ...] = ()


def patch_environment(
    store: Store,
    name: str,
    patch: EnvironmentPatch,
    *,
    clock: Clock,
    expected: Environment | None = None,
) -> Environment:
    """Change what is given; the rest stays.

    Raises `ChangedMeanwhile` when the environment is not `expected`, if that is given.
    """
    with store.writing() as uow:
        uow.changes.hold()
        before = known_environment(uow, name)
        if expected is not None and expected != before:
            raise ChangedMeanwhile(before.name)
        after = _patched(before, patch)
        if after != before:
            uow.environments.save(after)
            kind = ChangeKind.ENVIRONMENT_CHANGED
            uow.changes.append(Change(kind, clock.now(), environment=after.name))
        return after


def _patched(before: Environment, patch: EnvironmentPatch) -> Environment:
    wanted = {
        "production": patch.production,
        "display_name": patch.display_name,
        "contacts": patch.contacts,
        "required_evidence": checked_kinds(patch.required_evidence),
    }
    return replace(before, **{name: wanted[name] for name in wanted if name in patch.given})  # type: ignore[arg-type]
