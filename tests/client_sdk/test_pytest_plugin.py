"""The plugin as a project meets it: installed, and nothing else set up (E7, H19, C9, C10)."""

import json
import subprocess
import sys

import pytest

from client_sdk.mock import GreenHelixMock

pytest_plugins = ("pytester",)

CASSETTE = {
    "format_version": 1,
    "name": "balance",
    "metadata": {},
    "entries": [
        {
            "request_tool": "get_balance",
            "request_input": {"agent_id": "test-a"},
            "response_status": 200,
            "response_body": {"balance": "5.00"},
            "response_headers": {},
            "timestamp": 1_790_000_000.0,
            "latency_ms": 3.0,
        }
    ],
}
PLAYS = """
    import pytest

    @pytest.mark.cassette("balance")
    def test_plays(harness):
        assert harness.execute("get_balance", {"agent_id": "test-a"}).body["balance"] == "5.00"
"""


@pytest.fixture(autouse=True)
def _plain_environment(monkeypatch):
    for name in ("TEST_MODE", "GREENHELIX_API_KEY", "GREENHELIX_BASE_URL", "CHAOS_SEED"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def recorded(pytester):
    folder = pytester.mkdir("tests") / "cassettes"
    folder.mkdir()
    for name in ("balance", "forgotten"):
        (folder / f"{name}.json").write_text(json.dumps({**CASSETTE, "name": name}), "utf-8")
    return folder


def run(pytester, source, *arguments):
    pytester.makepyfile(source)
    return pytester.runpytest_inprocess("-p", "no:cacheprovider", "--strict-markers", *arguments)


def test_it_is_there_once_installed_and_its_markers_are_registered(pytester):
    result = pytester.runpytest_subprocess("--markers")

    for marker in ("cassette(name=None)", "chaos", "contract", "benchmark_gate(*limits)", "e2e"):
        result.stdout.fnmatch_lines([f"@pytest.mark.{marker.replace('*', '[*]')}:*"])


def test_loading_it_loads_nothing_heavy():
    code = (
        "import sys, client_sdk.pytest_plugin\n"
        "heavy = {'requests', 'jsonschema', 'rich', 'click', 'deepdiff', 'mcp', 'yaml'}\n"
        "assert not heavy & set(sys.modules), heavy & set(sys.modules)\n"
        "assert not [name for name in sys.modules if name.startswith('client_sdk.contract')]\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stderr


def test_the_header_names_mode_and_seed(pytester):
    result = run(pytester, "def test_nothing(): pass", "--chaos-seed", "7")

    result.stdout.fnmatch_lines(["tallystick: recordings playback, chaos seed 7"])


def test_a_marked_test_plays_its_recording_with_the_guides_defaults(pytester, recorded):
    """H19: mode playback, key test-key, agent test-qa-agent."""
    source = (
        PLAYS
        + """
    def test_defaults(harness):
        assert (harness.mode, harness.api_key, harness.agent_id) == (
            "playback", "test-key", "test-qa-agent")
"""
    )

    run(pytester, source).assert_outcomes(passed=2)


def test_the_mode_comes_from_the_flag_then_from_the_environment(pytester, monkeypatch):
    source = "def test_mode(harness): assert harness.mode == 'passthrough'"
    monkeypatch.setenv("TEST_MODE", "passthrough")

    run(pytester, source).assert_outcomes(passed=1)
    run(pytester, source, "--record-mode", "playback").assert_outcomes(failed=1)


def test_a_typo_in_the_mode_is_an_error_that_lists_the_modes(pytester):
    """h1."""
    result = run(pytester, "def test_mode(harness): pass", "--record-mode", "replay")

    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(["*ValueError: mode is one of 'record', 'playback'*not 'replay'*"])


def test_an_entry_that_nobody_played_is_an_error_of_the_test(pytester, recorded):
    """h4."""
    source = """
    import pytest

    @pytest.mark.cassette("balance")
    def test_calls_nothing(harness): pass
"""
    run(pytester, source).assert_outcomes(passed=1, errors=1)


def test_the_summary_lists_recordings_nobody_played_and_calls_without_a_match(pytester, recorded):
    source = PLAYS.replace("test-a", "test-b")

    result = run(pytester, source, "--report-unused-cassettes")

    result.stdout.fnmatch_lines(
        [
            "*call without a match in *::test_plays: *",
            "recording that no test used: tests/cassettes/forgotten.json",
        ]
    )
    result.stdout.no_fnmatch_line("recording that no test used: tests/cassettes/balance.json")


def test_under_xdist_the_summary_and_the_seed_are_those_of_all_processes(pytester, recorded):
    source = (
        PLAYS
        + """
    from client_sdk.chaos import ChaosConfig

    @pytest.mark.chaos
    @pytest.mark.parametrize("n", range(4))
    def test_struck(chaos_harness, n):
        chaos_harness.add_chaos(ChaosConfig("wrong_status", 1.0))
        assert chaos_harness.seed == 11
        chaos_harness.execute("get_balance", {"agent_id": "test-agent-a"})
"""
    )
    result = run(pytester, source, "-n", "2", "--report-unused-cassettes", "--chaos-seed", "11")

    result.assert_outcomes(passed=5)
    result.stdout.fnmatch_lines(["*4 faults injected in 4 tests, seed 11*"])
    result.stdout.fnmatch_lines(["recording that no test used: tests/cassettes/forgotten.json"])
    result.stdout.no_fnmatch_line("*no test used: tests/cassettes/balance.json")


def test_a_failed_test_saves_no_recording(pytester, recorded, monkeypatch):
    """h12."""
    source = """
    import pytest

    @pytest.mark.parametrize("good", [True, False], ids=["good", "bad"])
    @pytest.mark.cassette
    def test_records(harness, good):
        harness.execute("get_balance", {"agent_id": "test-a"})
        assert good
"""
    with GreenHelixMock().serve() as served:
        monkeypatch.setenv("GREENHELIX_BASE_URL", served.url)
        for mode in ("record", "record"):  # H21: the second time it replaces the first
            result = run(pytester, source, "--record-mode", mode)
            result.assert_outcomes(passed=1, failed=1)

    names = [str(file.relative_to(recorded)) for file in recorded.rglob("*.json")]
    assert any("good" in name for name in names)
    assert not any("bad" in name for name in names)


def test_an_old_recording_fails_when_an_age_is_given(pytester, recorded):
    """H23, h20."""
    run(pytester, PLAYS).assert_outcomes(passed=1)
    result = run(pytester, PLAYS, "--cassette-max-age", "1s")

    assert result.ret != 0
    result.stdout.fnmatch_lines(["*older than*"])


def test_the_chaos_fixture_has_two_funded_agents_and_the_default_seed(pytester):
    """C9, C11."""
    source = """
    def test_funds(chaos_harness):
        balances = [
            chaos_harness.execute("get_balance", {"agent_id": f"test-agent-{each}"}).body["balance"]
            for each in "ab"
        ]
        assert balances == ["1000.00", "500.00"]
        assert chaos_harness.seed == 42
"""
    run(pytester, source).assert_outcomes(passed=1)


def test_a_timeout_under_chaos_takes_no_time(pytester):
    """c14: the fixture's clock is virtual."""
    source = """
    import pytest
    from client_sdk import ChaosConfig, VirtualClock

    def test_waits(chaos_harness):
        assert isinstance(chaos_harness.clock, VirtualClock)
        assert chaos_harness.wrapped_client.clock is chaos_harness.clock
        chaos_harness.add_chaos(ChaosConfig("timeout"))
        began = chaos_harness.clock.monotonic()
        with pytest.raises(TimeoutError):
            chaos_harness.execute("get_balance", {"agent_id": "test-agent-a"})
        assert chaos_harness.clock.monotonic() - began == 30
"""
    run(pytester, source).assert_outcomes(passed=1)


def test_a_failure_under_chaos_prints_the_command_that_repeats_it(pytester):
    """c14."""
    result = run(pytester, "def test_breaks(chaos_harness): assert False", "--chaos-seed", "5")

    result.stdout.fnmatch_lines(["*repeat: pytest '*::test_breaks' --chaos-seed 5"])


def test_a_fault_that_never_met_a_call_fails_the_test(pytester):
    """c17."""
    source = """
    from client_sdk.chaos import ChaosConfig

    def test_survives(chaos_harness):
        chaos_harness.add_chaos(ChaosConfig("latency", target_tools=["create_escrwo"]))
        chaos_harness.execute("get_balance", {"agent_id": "test-agent-a"})
"""
    assert run(pytester, source).ret != 0


def test_a_seed_that_is_no_number_is_a_usage_error(pytester):
    result = run(pytester, "def test_nothing(): pass", "--chaos-seed", "lucky")

    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines(["*--chaos-seed: 'lucky' is no number*"])


@pytest.mark.parametrize("fixture", ["mock_gateway", "chaos_harness", "harness"])
def test_an_end_to_end_test_gets_no_mock_and_no_recording(pytester, fixture):
    """G12."""
    source = f"""
    import pytest

    @pytest.mark.e2e
    def test_real({fixture}): pass
"""
    run(pytester, source).assert_outcomes(errors=1)


def test_a_contract_test_that_judged_nothing_is_no_pass(pytester):
    """v1."""
    source = """
    import pytest

    @pytest.mark.contract
    def test_compliance(contract_validator): pass
"""
    result = run(pytester, source)

    assert result.ret != 0
    result.stdout.fnmatch_lines(["*nothing was judged*"])


def test_a_contract_test_fails_on_a_violation_it_did_not_look_at(pytester):
    contracts = pytester.mkdir("contracts")
    contract = {
        "consumer": "buyer",
        "producer": "gateway",
        "tools": [
            {
                "tool_name": "get_balance",
                "version": "1.0",
                "input_schema": {"type": "object"},
                "output_schema": {"balance": {"type": "string"}},
            }
        ],
    }
    (contracts / "buyer.contract.json").write_text(json.dumps(contract), "utf-8")
    source = """
    import pytest

    @pytest.mark.contract
    @pytest.mark.parametrize("balance", ["5.00", 5])
    def test_compliance(contract_validator, balance):
        answer = {"status_code": 200, "body": {"balance": balance}}
        contract_validator.validate_response("get_balance", answer)
"""
    result = run(pytester, source)

    result.assert_outcomes(passed=2, errors=1)
    result.stdout.fnmatch_lines(["*balance should be string, is 5*"])


def test_a_benchmark_holds_the_limits_of_its_marker(pytester):
    """B8."""
    source = """
    import pytest

    @pytest.mark.benchmark_gate("p99<5s", "error_rate<1%")
    def test_fast_enough(agent_benchmark):
        agent_benchmark.benchmark_tool("b", "get_balance", {"agent_id": "test-a"}, iterations=500)

    @pytest.mark.benchmark_gate("p50<0.000001ms")
    def test_too_slow(agent_benchmark):
        agent_benchmark.benchmark_tool("b", "get_balance", {"agent_id": "test-a"}, iterations=20)

    @pytest.mark.benchmark_gate("p99<5s")
    def test_measures_nothing(agent_benchmark): pass
"""
    result = run(pytester, source)

    result.assert_outcomes(passed=3, errors=2)
    result.stdout.fnmatch_lines(["*nothing was measured*"])


def test_a_projects_own_fixture_wins(pytester):
    pytester.makeconftest("import pytest\n@pytest.fixture\ndef harness(): return 'mine'")

    run(pytester, "def test_mine(harness): assert harness == 'mine'").assert_outcomes(passed=1)


def test_limits_that_nobody_holds_fail_the_test(pytester):
    """Decision 3: without the fixture the marker was passed over."""
    source = """
    import pytest

    @pytest.mark.benchmark_gate("p99<5s")
    def test_forgets_the_fixture(): pass

    @pytest.mark.benchmark_gate("p99<5s")
    def test_asks_late(request):
        benchmark = request.getfixturevalue("agent_benchmark")
        benchmark.benchmark_tool("b", "get_balance", {"agent_id": "test-a"}, iterations=200)

    @pytest.mark.benchmark_gate
    def test_forgets_the_limits(agent_benchmark): pass

    @pytest.mark.benchmark_gate(p99="<5s")
    def test_writes_them_otherwise(agent_benchmark): pass
"""
    result = run(pytester, source)

    result.assert_outcomes(passed=1, failed=1, errors=2)
    result.stdout.fnmatch_lines(["*does not use the fixture agent_benchmark*"])
    result.stdout.fnmatch_lines(['*such as benchmark_gate("p99<500ms")*'])


def test_a_broken_limit_is_told_in_words(pytester):
    """B8: what a person reads first is the gate and what was measured."""
    source = """
    import pytest

    @pytest.mark.benchmark_gate("iterations>5")
    def test_few(agent_benchmark):
        agent_benchmark.benchmark_tool("b", "get_balance", {"agent_id": "test-a"}, iterations=3)
"""
    result = run(pytester, source)

    result.stdout.fnmatch_lines(["b: iterations>5: fail, measured 3"])


def test_a_recording_may_be_named_by_name(pytester, recorded):
    """E1 marker `cassette`: the name was passed over for the test's own."""
    run(pytester, PLAYS.replace('("balance")', '(name="balance")')).assert_outcomes(passed=1)


def test_a_recording_is_named_once_and_with_nothing_else(pytester, recorded):
    """E1 marker `cassette`."""
    result = run(pytester, PLAYS.replace('("balance")', '("balance", mode="record")'))

    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(["*cassette: give one name*"])


@pytest.mark.parametrize("age", ["nan", "inf", "-1d", "d", "a week"])
def test_an_age_that_is_none_lets_no_recording_pass(pytester, recorded, age):
    """h20: no recording is older than NaN."""
    result = run(pytester, PLAYS, f"--cassette-max-age={age}")

    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines([f"*--cassette-max-age: '{age}' is no age*"])


def test_a_test_that_skips_itself_is_skipped_and_no_error(pytester, recorded):
    """E7: what it had not measured, judged or played by then was held against it."""
    source = """
    import pytest

    @pytest.mark.benchmark_gate("p99<5s")
    def test_measures(agent_benchmark): pytest.skip("not here")

    @pytest.mark.contract
    def test_judges(contract_validator): pytest.skip("not here")

    @pytest.mark.cassette("balance")
    def test_plays(harness): pytest.skip("not here")

    @pytest.mark.cassette("balance")
    @pytest.mark.xfail
    def test_is_known_to_fail(harness): assert False
"""
    run(pytester, source).assert_outcomes(skipped=3, xfailed=1)


@pytest.mark.parametrize(
    ("end", "outcome"), [("pytest.skip('x')", "skipped"), ("assert 0", "failed")]
)
def test_faults_that_met_no_call_for_an_early_end_are_no_second_error(pytester, end, outcome):
    """C9, c17: only a test that ran to its end shows that nothing was called."""
    source = f"""
    import pytest
    from client_sdk import ChaosConfig, FailureMode

    def test_ends_early(chaos_harness):
        chaos_harness.add_chaos(ChaosConfig(FailureMode.LATENCY))
        {end}
"""
    run(pytester, source).assert_outcomes(**{outcome: 1})
