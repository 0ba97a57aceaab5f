"""Validates what agents send and tools answer against the contracts of their consumers."""

from __future__ import annotations

import logging
import os
import threading
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any, Final

from client_sdk.contract.model import Contract
from client_sdk.contract.reading import contract_from_document
from client_sdk.contract.values import JsonObject, JsonValue
from client_sdk.exchange import Evidence, EvidenceKind, Exchange, Outcome
from client_sdk.validator.assessing import Assessed, Assessor
from client_sdk.validator.compatibility import Comparable, Compatibility, compare_contracts
from client_sdk.validator.contracts import AgentContract
from client_sdk.validator.folder import (
    PATTERN,
    FolderContents,
    FolderFault,
    read_documents,
    read_folder,
)
from client_sdk.validator.judging import Judge, ReceivedAnswer, received_answer
from client_sdk.validator.matching import Call
from client_sdk.validator.policy import SeverityPolicy, strictness_of
from client_sdk.validator.record import Record
from client_sdk.validator.reports import rendered
from client_sdk.validator.violation import (
    CONTRACT_FILE,
    NO_ANSWER,
    NO_ENTRIES,
    ContractViolation,
    explanation_of,
    whole,
)

GATEWAY: Final = "gateway"
_log: Final = logging.getLogger(__name__)

ContractSource = Callable[[], Iterable[JsonObject]]


class ContractValidator:
    """Judges requests and responses by every contract that applies; safe between threads.

    Args:
        contracts_dir: the folder whose `*.contract.json` files `load_contracts` reads.
        broker: gives the contract documents of a broker; `load_contracts` reads them too.
        policy: severities by rule; by default a pattern that does not match is an error.
        on_unmatched: what a call is that no contract applies to: `error`, `warn` or `ignore`.
        undeclared: what members are that no contract declares: `ignore`, `warn` or `error`.
        formats: what a text is that has not the `format` of its schema, with the same words.
        versions: `newest` enforces of each consumer the newest version of a tool, `all` every one.

    Raises:
        ValueError: an argument is none of its words.

    Example:
        >>> from client_sdk.validator import AgentContract, ToolContract
        >>> tool = ToolContract("get_balance", "1.0", {}, {"balance": {"type": "string"}})
        >>> validator = ContractValidator()
        >>> validator.add_contract(AgentContract("buyer", "gateway", [tool]))
        >>> answer = {"status_code": 200, "body": {"balance": 7}}
        >>> [each.message for each in validator.validate_response("get_balance", answer)]
        ['balance should be string, is 7']
        >>> validator.report()["passed"]
        False
    """

    def __init__(  # noqa: PLR0913 - every addition to the guide's one is by name
        self,
        contracts_dir: str | os.PathLike[str] = "contracts",
        *,
        broker: ContractSource | None = None,
        policy: SeverityPolicy | None = None,
        on_unmatched: str = "error",
        undeclared: str = "ignore",
        formats: str = "error",
        versions: str = "newest",
    ) -> None:
        if versions not in ("newest", "all"):
            raise ValueError(f"versions: {versions!r} is neither newest nor all")
        self.contracts_dir = Path(contracts_dir)
        self._broker = broker
        self._judge = Judge(
            policy or SeverityPolicy(),
            strictness_of("undeclared", undeclared),
            strictness_of("formats", formats),
        )
        self._unmatched = strictness_of("on_unmatched", on_unmatched)
        self._all_versions = versions == "all"
        self._added: dict[str, Contract] = {}
        self._loaded = FolderContents({})
        self._record = Record()
        self._lock = threading.Lock()

    @property
    def contracts(self) -> tuple[Contract, ...]:
        """Every contract at hand, each content once."""
        return tuple({**self._loaded.contracts, **self._added}.values())

    @property
    def load_errors(self) -> tuple[FolderFault, ...]:
        """The files that the last loading could not read, and why."""
        return self._loaded.faults

    @property
    def violations(self) -> tuple[ContractViolation, ...]:
        """Everything found since the start or the last reset."""
        return (*map(_file_violation, self._loaded.faults), *self._record.violations)

    def load_contracts(self) -> int:
        """Read the folder, and the broker if one was given; give how many contracts there are.

        Reading again replaces what was read before. A file or document that is no contract is an
        error of the report and does not stop the others. A missing or empty folder is logged.
        """
        if not self.contracts_dir.is_dir():
            _log.warning("the contracts folder %s does not exist", self.contracts_dir)
        read = read_folder(self.contracts_dir)
        given = read_documents(self._broker() if self._broker is not None else ())
        found = {**given.contracts, **read.contracts}
        if not found and self.contracts_dir.is_dir():
            _log.warning("the contracts folder %s holds no sound %s", self.contracts_dir, PATTERN)
        self._loaded = FolderContents(found, (*read.faults, *given.faults))
        return len(found)

    def add_contract(self, contract: AgentContract | Contract | JsonObject) -> None:
        """Add a contract; one with the same content is there once.

        Raises:
            DocumentInvalid: it is no valid contract; `faults` holds everything found.
        """
        read = _read(contract)
        with self._lock:
            self._added = {**self._added, read.digest: read}

    def validate_response(
        self, tool: str, response: object, producer: str = GATEWAY, *, consumer: str | None = None
    ) -> list[ContractViolation]:
        """Judge an answer by every contract that applies to the tool.

        Args:
            tool: the tool that answered.
            response: a result of `execute`, or a mapping with `status_code` and `body`.
            producer: who answered.
            consumer: judge by this consumer's contracts only.

        Returns:
            What was found, of every severity; it also goes into the report.
        """
        call = Call(tool, producer, consumer)
        return self._noted(tool, self._assessor().answer(call, received_answer(response)))

    def validate_request(
        self,
        tool: str,
        input_data: JsonValue,
        producer: str = GATEWAY,
        *,
        consumer: str | None = None,
    ) -> list[ContractViolation]:
        """Judge an input: some consumer's contract must allow it, `consumer`'s if it is given.

        Returns:
            Nothing when a contract allows it, else what each contract has against it.
        """
        call = Call(tool, producer, consumer)
        return self._noted(tool, self._assessor().request(call, input_data))

    def validate_exchange(
        self, exchange: Exchange, producer: str = GATEWAY, *, consumer: str | None = None
    ) -> list[ContractViolation]:
        """Judge a call that was made: its input, and its answer by those who may send that input.

        A call that was not answered is a violation.
        """
        if exchange.result is None:
            message = f"{exchange.tool} was not answered: {exchange.error or 'there is no result'}"
            missing = whole(NO_ANSWER, "an answer", message, tool=exchange.tool)
            return self._noted(exchange.tool, Assessed((missing,), was_judged=False))
        call = Call(exchange.tool, producer, consumer)
        answer = received_answer(exchange.result)
        return self._noted(exchange.tool, self._assessor().exchange(call, exchange.input, answer))

    def validate_cassette(
        self,
        cassette: Any,  # noqa: ANN401 - whatever has entries: the harness is a stranger
        producer: str = GATEWAY,
        *,
        consumer: str | None = None,
    ) -> list[ContractViolation]:
        """Judge every recorded exchange of a cassette; one without entries is a violation.

        `cassette` is anything with a `name` and `entries` that have `request_tool`,
        `request_input`, `response_status` and `response_body`.
        """
        name = f"cassette {getattr(cassette, 'name', '')}".rstrip()
        assessor, found = self._assessor(), list[ContractViolation]()
        for number, entry in enumerate(cassette.entries):
            call, place = Call(entry.request_tool, producer, consumer), f"{name}, entry {number}"
            answer = ReceivedAnswer(entry.response_status, entry.response_body)
            assessed = assessor.exchange(call, entry.request_input, answer, location=place)
            found += self._noted(f"{place}: {call.tool}", assessed)
        if not cassette.entries:
            nothing = whole(NO_ENTRIES, "recorded exchanges", f"{name} is empty", location=name)
            found += self._noted(name, Assessed((nothing,), was_judged=False))
        return found

    def check_backward_compatibility(
        self, old: Comparable, new: Comparable, *, consumers: Iterable[AgentContract] | None = None
    ) -> list[ContractViolation]:
        """Give the breaking changes between two versions; they go into the report too.

        Without `consumers` these are the errors of mode `guide`. With them, what each consumer
        relies on decides: a change that nobody's contract needs breaks nothing.

        Raises:
            ValueError: the two are not versions of one thing.
            DocumentInvalid: one of them is no valid contract.
        """
        found = list(self.compare(old, new, consumers=consumers).violations)
        self._record.add_comparison(found)
        return found

    def compare(
        self, old: Comparable, new: Comparable, *, consumers: Iterable[AgentContract] | None = None
    ) -> Compatibility:
        """Compare two versions in full: every finding, and the step of the version it takes."""
        return compare_contracts(old, new, consumers)

    def explain(self, violation: ContractViolation) -> str:
        """Say in sentences who agreed on what, what came instead, and what to do."""
        sources = (each for each in self.contracts if _is_source(each, violation))
        return explanation_of(violation, next(sources, None))

    def report(self, format: str = "dict") -> Any:  # noqa: A002, ANN401 - the documented name; a dict, or text
        """Give what came of everything judged so far.

        Args:
            format: `dict`, `table`, `markdown`, `junit` or `sarif`.

        Returns:
            For `dict` the members `total_validations`, `total_violations`, `errors`, `warnings`,
            `infos`, `passed`, `reason` and `violations` (as JSON objects); else text. Nothing
            judged has not passed, for the reason `no_evidence`.

        Raises:
            ValueError: there is no such format.
        """
        return rendered(self._record.findings(self.violations), format)

    def evidence(self, participant: str, version: str, *, commit: str | None = None) -> Evidence:
        """Give what was found as evidence of kind `contract` about a version of a participant."""
        numbers = self._record.findings(self.violations).numbers
        failed = Outcome.FAIL if numbers["errors"] else Outcome.INCONCLUSIVE
        digests = sorted(each.digest for each in self.contracts)
        return Evidence(
            EvidenceKind.CONTRACT,
            Outcome.PASS if numbers["passed"] else failed,
            participant,
            version,
            numbers=numbers,
            inputs={f"contract {number}": each for number, each in enumerate(digests)},
            commit=commit,
        )

    def reset(self) -> None:
        """Forget what was found; the contracts stay."""
        self._record = Record()

    def _assessor(self) -> Assessor:
        return Assessor(self.contracts, self._judge, self._unmatched, self._all_versions)

    def _noted(self, name: str, assessed: Assessed) -> list[ContractViolation]:
        self._record.add(name, assessed.violations, judged=assessed.was_judged)
        return list(assessed.violations)


def _read(contract: AgentContract | Contract | JsonObject) -> Contract:
    if isinstance(contract, Contract):
        return contract
    if isinstance(contract, AgentContract):
        return contract.to_kernel()
    if isinstance(contract, Mapping):
        return contract_from_document(contract)
    raise TypeError("contract: give an AgentContract, a contract document or a kernel Contract")


def _is_source(contract: Contract, violation: ContractViolation) -> bool:
    tool = contract.tool(violation.tool) if contract.consumer == violation.consumer else None
    return tool is not None and tool.version == violation.version


def _file_violation(fault: FolderFault) -> ContractViolation:
    message = f"{fault.file} is no contract: {fault.message}"
    return whole(CONTRACT_FILE, "a contract file", message, location=fault.file)
