"""Reports: computed once per question, kept, and read from then on."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import lru_cache

from broker.domain.contents import contract_from_stored
from broker.domain.publication import Content, ReportKey
from broker.services.ports import UnitOfWork
from client_sdk.contract.evolve import Mode, Report, evolve
from client_sdk.contract.model import Contract

_REMEMBERED = 64
_LARGEST_REMEMBERED = 64 * 1024  # bytes of JSON; as values they take some twenty times that


@dataclass(frozen=True, slots=True)
class KnownReports:
    """What the store can say about some reports: those it has, and contents for the others."""

    reports: Mapping[ReportKey, Report]
    contents: Mapping[str, Content]


def read_reports(uow: UnitOfWork, keys: Collection[ReportKey]) -> KnownReports:
    """Those that are kept, and the contents that the others compare."""
    asked = {key for key in keys if key.old_digest != key.new_digest}
    if not asked:
        return KnownReports({}, {})
    reports = uow.reports.find(asked)
    missing = asked - reports.keys()
    digests = {digest for key in missing for digest in (key.old_digest, key.new_digest)}
    return KnownReports(reports, uow.contents.find(digests) if digests else {})


def compute_reports(
    keys: Collection[ReportKey], known: KnownReports, fresh: Mapping[str, Contract]
) -> Mapping[ReportKey, Report]:
    """The report of every key; belongs outside of transactions, for it may take its time.

    `fresh` holds contracts that are not stored yet, by digest.
    """
    return {key: known.reports.get(key) or _report(key, known, fresh) for key in keys}


def _report(key: ReportKey, known: KnownReports, fresh: Mapping[str, Contract]) -> Report:
    if key.old_digest == key.new_digest:
        return nothing_changed(key.mode)
    old, new = (
        fresh.get(digest) or _contract(known.contents[digest])
        for digest in (key.old_digest, key.new_digest)
    )
    return evolve(old, new, key.mode)


def nothing_changed(mode: Mode) -> Report:
    """The report between equal contents, and of a first publication."""
    return Report(mode=mode, findings=())


def _contract(content: Content) -> Contract:
    if len(content.document) > _LARGEST_REMEMBERED:
        return contract_from_stored(content.document)
    return _remembered(content)


@lru_cache(maxsize=_REMEMBERED)
def _remembered(content: Content) -> Contract:
    return contract_from_stored(content.document)
