"""Reports: computed once per question, kept, and read from then on."""

import time
from collections import OrderedDict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from threading import Lock
from typing import Final

from broker.domain.contents import contract_from_stored
from broker.domain.publication import Content, ReportKey
from broker.services.ports import UnitOfWork
from client_sdk.contract.compat import Budget
from client_sdk.contract.evolve import Mode, Report, evolve
from client_sdk.contract.model import Contract

MOST_SECONDS = 1.0  # of a request that must be answered within two, however hostile
_REMEMBERED = 64
_LARGEST_REMEMBERED = 64 * 1024  # bytes of JSON; as values they take some twenty times that


@dataclass(frozen=True, slots=True)
class KnownReports:
    """What is there of some reports: those that are kept, and what the others compare.

    `recent` holds contracts that were read lately, `contents` those that must still be read.
    """

    reports: Mapping[ReportKey, Report]
    recent: Mapping[str, Contract]
    contents: Mapping[str, Content]


def read_reports(
    uow: UnitOfWork, keys: Collection[ReportKey], fresh: Collection[str] = ()
) -> KnownReports:
    """Those that are kept, and what the others compare but for the digests in `fresh`."""
    asked = {key for key in keys if key.old_digest != key.new_digest}
    reports = uow.reports.find(asked) if asked else {}
    missing = asked - reports.keys()
    digests = {digest for key in missing for digest in (key.old_digest, key.new_digest)}
    recent = _RECENT.among(digests.difference(fresh))
    unread = digests.difference(fresh, recent)
    return KnownReports(reports, recent, uow.contents.find(unread) if unread else {})


def compute_reports(
    keys: Collection[ReportKey],
    known: KnownReports,
    fresh: Mapping[str, Contract],
    *,
    seconds: float = MOST_SECONDS,
) -> Mapping[ReportKey, Report]:
    """The report of every key; belongs outside of transactions, for it may take its time.

    `fresh` holds contracts that are not stored yet, by digest. Once `seconds` are spent, on all
    together, what is not decided yet stays undecided.
    """
    until = time.monotonic() + seconds
    return {key: known.reports.get(key) or _report(key, known, fresh, until) for key in keys}


def _report(
    key: ReportKey, known: KnownReports, fresh: Mapping[str, Contract], until: float
) -> Report:
    if key.old_digest == key.new_digest:
        return nothing_changed(key.mode)
    old, new = (_found(digest, known, fresh) for digest in (key.old_digest, key.new_digest))
    budget = Budget(wall_seconds=max(until - time.monotonic(), 0))
    return evolve(old, new, key.mode, budget=budget)


def _found(digest: str, known: KnownReports, fresh: Mapping[str, Contract]) -> Contract:
    there = fresh.get(digest) or known.recent.get(digest)
    return there or _contract(known.contents[digest])


def remember(contract: Contract, size: int) -> None:
    """Keep a contract for the next comparison; `size` is that of its canonical JSON in bytes."""
    _RECENT.keep(contract, size)


def nothing_changed(mode: Mode) -> Report:
    """The report between equal contents, and of a first publication."""
    return Report(mode=mode, findings=())


def _contract(content: Content) -> Contract:
    return _RECENT.keep(contract_from_stored(content.document), len(content.document))


class _Recent:
    """Contracts read lately, by digest: what is published now is compared with next."""

    def __init__(self) -> None:
        self._contracts: OrderedDict[str, Contract] = OrderedDict()
        self._lock = Lock()

    def among(self, digests: Collection[str]) -> dict[str, Contract]:
        """The contracts of these digests that were read lately."""
        with self._lock:
            found = {each: self._contracts[each] for each in digests if each in self._contracts}
            for each in found:
                self._contracts.move_to_end(each)
            return found

    def keep(self, contract: Contract, size: int) -> Contract:
        """Remember a contract unless it is large, and give it back."""
        if size <= _LARGEST_REMEMBERED:
            with self._lock:
                self._contracts[contract.digest] = contract
                while len(self._contracts) > _REMEMBERED:
                    self._contracts.popitem(last=False)
        return contract


_RECENT: Final = _Recent()
