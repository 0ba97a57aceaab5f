"""Reports: computed once per question, kept, and read from then on."""

from collections import OrderedDict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from threading import Lock
from typing import Final

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
    old, new = (_found(digest, known, fresh) for digest in (key.old_digest, key.new_digest))
    return evolve(old, new, key.mode)


def _found(digest: str, known: KnownReports, fresh: Mapping[str, Contract]) -> Contract:
    return fresh.get(digest) or _contract(known.contents[digest])


def remember(contract: Contract, size: int) -> None:
    """Keep a contract for the next comparison; `size` is that of its canonical JSON in bytes."""
    _RECENT.keep(contract, size)


def nothing_changed(mode: Mode) -> Report:
    """The report between equal contents, and of a first publication."""
    return Report(mode=mode, findings=())


def _contract(content: Content) -> Contract:
    known = _RECENT.get(content.digest)
    return known or _RECENT.keep(contract_from_stored(content.document), len(content.document))


class _Recent:
    """Contracts read lately, by digest: what is published now is compared with next."""

    def __init__(self) -> None:
        self._contracts: OrderedDict[str, Contract] = OrderedDict()
        self._lock = Lock()

    def get(self, digest: str) -> Contract | None:
        """The contract of this digest, if it was read lately."""
        with self._lock:
            if digest in self._contracts:
                self._contracts.move_to_end(digest)
            return self._contracts.get(digest)

    def keep(self, contract: Contract, size: int) -> Contract:
        """Remember a contract unless it is large, and give it back."""
        if size <= _LARGEST_REMEMBERED:
            with self._lock:
                self._contracts[contract.digest] = contract
                while len(self._contracts) > _REMEMBERED:
                    self._contracts.popitem(last=False)
        return contract


_RECENT: Final = _Recent()
