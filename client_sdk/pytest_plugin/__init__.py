"""The pytest plugin of the kit: fixtures, markers, flags, a header line and a summary.

Fixtures: `harness`, `mock_gateway`, `chaos_harness`, `contract_validator`, `agent_benchmark`.
Markers: `cassette`, `chaos`, `contract`, `benchmark_gate`, `e2e`. Each tool is imported by the
fixture that gives it, so a test run that uses none pays for none.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pytest

from client_sdk.pytest_plugin.reading import (
    cassette_named,
    limits_of,
    max_age_of,
    mode_of,
    seed_of,
)

if TYPE_CHECKING:
    from client_sdk.bench import AgentBenchmark
    from client_sdk.chaos import ChaosInjector
    from client_sdk.exchange import Executes
    from client_sdk.harness import AgentTestHarness
    from client_sdk.mock import GreenHelixMock
    from client_sdk.validator import ContractValidator

MARKERS: Final = (
    "cassette(name=None): play this recording (or record it); without a name, the test's own",
    "chaos: runs while calls are broken on purpose; select with -m chaos",
    "contract: fails when the contract_validator fixture judged nothing, or found a violation",
    "benchmark_gate(*limits): what agent_benchmark must hold, such as 'p99<500ms'",
    "e2e: end to end: mocks and recordings are refused",
)
KEY: Final = "tallystick"


class _EndedEarly(Exception):
    """The test failed or skipped itself."""


@dataclass
class Notes:
    """What the tests of one process used, for the summary."""

    cassettes: set[str] = field(default_factory=set)
    folders: set[str] = field(default_factory=set)
    failures: list[tuple[str, str]] = field(default_factory=list)
    injections: dict[str, int] = field(default_factory=dict)

    def to_plain(self) -> dict[str, Any]:
        """Give it in types that travel between processes."""
        return {
            "cassettes": sorted(self.cassettes),
            "folders": sorted(self.folders),
            "failures": [list(each) for each in self.failures],
            "injections": self.injections,
        }

    def add(self, plain: dict[str, Any]) -> None:
        """Take over what another process noted."""
        self.cassettes |= set(plain["cassettes"])
        self.folders |= set(plain["folders"])
        self.failures += [(test, text) for test, text in plain["failures"]]
        self.injections |= plain["injections"]


_NOTES: Final = pytest.StashKey[Notes]()
_SEED: Final = pytest.StashKey[int]()
_ENDED_EARLY: Final = pytest.StashKey[bool]()
_MEASURES: Final = pytest.StashKey[bool]()


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the kit's flags; one that another plugin took already is left to it."""
    group = parser.getgroup("tallystick", "contracts, recordings, chaos and benchmarks")
    flags: tuple[tuple[str, dict[str, Any]], ...] = (
        ("--record-mode", {"help": "record, playback, once, … [TEST_MODE, playback]"}),
        ("--cassette-max-age", {"help": "fail on older recordings: 30d, 12h, 90m or seconds"}),
        ("--report-unused-cassettes", {"action": "store_true", "help": "list what no test played"}),
        ("--chaos-seed", {"help": "a number, or `random` [CHAOS_SEED, 42]"}),
    )
    for flag, settings in flags:
        try:
            group.addoption(flag, default=None, **settings)
        except ValueError:
            continue
    parser.addini("tally_cassettes", "folder of the recordings", default="tests/cassettes")
    parser.addini("tally_contracts", "folder of the contracts", default="contracts")


def pytest_configure(config: pytest.Config) -> None:
    """Register the markers and decide the seed once for all processes."""
    for marker in MARKERS:
        config.addinivalue_line("markers", marker)
    config.stash[_NOTES] = Notes()
    from_controller = getattr(config, "workerinput", {}).get(KEY)
    config.stash[_SEED] = seed_of(config) if from_controller is None else from_controller


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:  # noqa: ANN401 - a class of pytest-xdist
    """Give every process of xdist the same seed."""
    node.workerinput[KEY] = node.config.stash[_SEED]


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:  # noqa: ANN401 - a class of pytest-xdist
    """Take over what a process of xdist noted."""
    noted = getattr(node, "workeroutput", {}).get(KEY)
    if noted is not None:
        node.config.stash[_NOTES].add(noted)


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Hand this process's notes to the controller, if there is one."""
    if hasattr(session.config, "workeroutput"):
        session.config.workeroutput[KEY] = session.config.stash[_NOTES].to_plain()


def pytest_report_header(config: pytest.Config) -> str:
    """Say what makes this run repeatable."""
    return f"tallystick: recordings {mode_of(config)}, chaos seed {config.stash[_SEED]}"


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Iterator[None]:
    """Fail a test whose limits nobody held against anything."""
    yield
    asked = "agent_benchmark" in getattr(item, "fixturenames", ()) or _MEASURES in item.stash
    if limits_of(item) and not asked:
        pytest.fail(
            "a benchmark_gate stands here, and nothing was measured: the test does not use the "
            "fixture agent_benchmark",
            pytrace=False,
        )


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Iterator[None] | pytest.TestReport:
    """Remember whether a test came to its end, and say how to repeat one that chaos broke."""
    report: pytest.TestReport = yield  # type: ignore[misc, assignment]  # a hook wrapper's result
    if report.when in {"setup", "call"}:
        ended_early = report.failed or report.skipped
        item.stash[_ENDED_EARLY] = item.stash.get(_ENDED_EARLY, False) or ended_early
    if report.failed and "chaos_harness" in getattr(item, "fixturenames", ()):
        seed = item.config.stash[_SEED]
        report.sections.append(("chaos", f"repeat: pytest '{item.nodeid}' --chaos-seed {seed}"))
    return report


def pytest_terminal_summary(
    terminalreporter: pytest.TerminalReporter, config: pytest.Config
) -> None:
    """Say which recordings nobody played, which calls matched none, and how often chaos struck."""
    notes = config.stash[_NOTES]
    lines = [f"call without a match in {test}: {text}" for test, text in notes.failures]
    if config.getoption("--report-unused-cassettes", default=False):
        lines += [f"recording that no test used: {name}" for name in _unused(config, notes)]
    if notes.injections:
        total = sum(notes.injections.values())
        seed = config.stash[_SEED]
        lines.append(f"{total} faults injected in {len(notes.injections)} tests, seed {seed}")
    if lines:
        terminalreporter.section("tallystick")
        for line in lines:
            terminalreporter.write_line(line)


@pytest.fixture
def harness(request: pytest.FixtureRequest) -> Iterator[AgentTestHarness]:
    """A harness in the mode of `--record-mode` or TEST_MODE; a failed test saves no recording."""
    from client_sdk import harness as kit  # noqa: PLC0415

    config = request.config
    mode = mode_of(config)
    if request.node.get_closest_marker("e2e") and mode != "passthrough":
        pytest.fail(f"an end-to-end test calls for real: TEST_MODE is {mode}, not passthrough")
    age = max_age_of(config)
    made = kit.AgentTestHarness(
        os.environ.get("GREENHELIX_API_KEY", "test-key"),
        "test-qa-agent",
        os.environ.get("GREENHELIX_BASE_URL", kit.SANDBOX_URL),
        cassette_dir=config.rootpath / config.getini("tally_cassettes"),
        mode=mode,
        overwrite=True,  # who sets TEST_MODE=record asks for new recordings
        max_age=age,
        on_expired="warn" if age is None else "error",
    )
    marker = request.node.get_closest_marker("cassette")
    if marker is not None:
        named = cassette_named(marker)
        made.start_cassette(named or kit.cassette_name_from_test(request.node.nodeid))
    yield made
    _note(request, made)
    made.stop_cassette(failed=request.node.stash.get(_ENDED_EARLY, False))


@pytest.fixture
def mock_gateway(request: pytest.FixtureRequest) -> GreenHelixMock:
    """A gateway of its own for each test: stateful, with a ledger, in this process."""
    from client_sdk.mock import GreenHelixMock  # noqa: PLC0415

    _refuse_in_e2e(request, "mock_gateway")
    return GreenHelixMock()


@pytest.fixture
def chaos_harness(request: pytest.FixtureRequest) -> Iterator[ChaosInjector]:
    """Chaos around a gateway in which `test-agent-a` has 1000.00 and `test-agent-b` 500.00."""
    from client_sdk.chaos import ChaosInjector  # noqa: PLC0415
    from client_sdk.clock import VirtualClock  # noqa: PLC0415
    from client_sdk.mock import create_funded_mock  # noqa: PLC0415

    _refuse_in_e2e(request, "chaos_harness")
    clock = VirtualClock()  # a timeout of 30 s takes no time
    gateway = create_funded_mock("test-agent-a", "1000.00", clock=clock)
    seed = request.config.stash[_SEED]
    gateway.set_balance("test-agent-b", "500.00")
    with suppress(_EndedEarly), ChaosInjector(gateway, seed, clock=clock) as chaos:
        yield chaos
        count = chaos.get_injection_count()
        if count:
            request.config.stash[_NOTES].injections[request.node.nodeid] = count
        if request.node.stash.get(_ENDED_EARLY, False):
            raise _EndedEarly  # the calls that were to meet the faults were never made


@pytest.fixture
def contract_validator(request: pytest.FixtureRequest) -> Iterator[ContractValidator]:
    """A validator with the contracts of the folder `tally_contracts`."""
    from client_sdk.validator import ContractValidator  # noqa: PLC0415

    folder = request.config.rootpath / request.config.getini("tally_contracts")
    validator = ContractValidator(folder)
    validator.load_contracts()
    yield validator
    judged = request.node.get_closest_marker("contract") is not None
    if judged and not request.node.stash.get(_ENDED_EARLY, False):
        report = validator.report()
        if not report["passed"]:
            pytest.fail(_sentence(report), pytrace=False)


@pytest.fixture
def benchmark_client(request: pytest.FixtureRequest) -> Executes:
    """What `agent_benchmark` measures: the mock gateway, unless a project gives another."""
    gateway: Executes = request.getfixturevalue("mock_gateway")
    return gateway


@pytest.fixture
def agent_benchmark(
    request: pytest.FixtureRequest, benchmark_client: Executes
) -> Iterator[AgentBenchmark]:
    """A benchmark of `benchmark_client`; the marker `benchmark_gate` says what it must hold."""
    from client_sdk.bench import AgentBenchmark, Verdict, check_gates, verdict_of  # noqa: PLC0415

    limits = limits_of(request.node)
    request.node.stash[_MEASURES] = True
    benchmark = AgentBenchmark(benchmark_client)
    yield benchmark
    if not limits or request.node.stash.get(_ENDED_EARLY, False):
        return
    if not benchmark.results:
        pytest.fail("a benchmark_gate stands here, and nothing was measured", pytrace=False)
    outcomes = check_gates(benchmark.results, limits)
    if verdict_of(outcomes) is not Verdict.PASS:
        pytest.fail("\n".join(str(each) for each in outcomes), pytrace=False)


def _note(request: pytest.FixtureRequest, harness: AgentTestHarness) -> None:
    notes = request.config.stash[_NOTES]
    notes.folders.add(str(harness.cassette_dir))
    notes.cassettes |= {str(file) for file in harness.cassettes_used}
    notes.failures += [(request.node.nodeid, text.splitlines()[0]) for text in harness.failures]


def _unused(config: pytest.Config, notes: Notes) -> list[str]:
    folders = notes.folders or {str(config.rootpath / config.getini("tally_cassettes"))}
    files = {str(file) for folder in folders for file in Path(folder).rglob("*.json")}
    return sorted(os.path.relpath(file, config.rootpath) for file in files - notes.cassettes)


def _refuse_in_e2e(request: pytest.FixtureRequest, fixture: str) -> None:
    if request.node.get_closest_marker("e2e"):
        pytest.fail(f"an end-to-end test never mocks: it asked for {fixture}", pytrace=False)


def _sentence(report: dict[str, Any]) -> str:
    lines = [each["message"] for each in report["violations"]]
    return "\n".join(lines) if lines else "the contract marker stands here, and nothing was judged"
