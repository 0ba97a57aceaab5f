"""The steps of each stage: what runs, and the settings and secrets that it sees."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from client_sdk.pipeline.stage import Project, Step

PORT: Final = 8080
CANARY_PORT: Final = 8090  # where the traffic that is to be split arrives
BROKER: Final = {"TALLY_TOKEN": "TALLY_TOKEN"}
SANDBOX: Final = {"GREENHELIX_SANDBOX_KEY": "GREENHELIX_SANDBOX_KEY"}
STAGING: Final = {"GREENHELIX_STAGING_KEY": "GREENHELIX_STAGING_KEY"}
PRODUCTION: Final = {"GREENHELIX_PROD_KEY": "GREENHELIX_PROD_KEY"}
CHAOS_SEED: Final = "42"  # fixed: a red run can be repeated


def lint(project: Project) -> tuple[Step, ...]:
    """Check style, types and contract files; nothing is called."""
    return (
        Step("style", f"ruff check {project.source} tests"),
        Step("types", f"mypy {project.source}"),
        Step("contracts", "tally lint contracts --output github"),
    )


def unit(_: Project) -> tuple[Step, ...]:
    """Test against mocks."""
    return (Step("unit tests", "pytest tests/unit --junitxml=reports/unit.xml"),)


def integration(_: Project) -> tuple[Step, ...]:
    """Play recordings back, and hold them against the contracts."""
    playback = {"TEST_MODE": "playback"}
    command = (
        "pytest tests/integration --junitxml=reports/integration.xml --report-unused-cassettes"
    )
    return (
        Step("recorded tests", command, env=playback),
        Step(
            "recordings fit the contracts",
            "tally cassettes verify tests/cassettes --contract contracts --output github",
        ),
    )


def contract(project: Project) -> tuple[Step, ...]:
    """Publish what is relied on, verify what others rely on."""
    named = '--version "$VERSION" --branch "$BRANCH" --build-url "$BUILD_URL"'
    states = f" --state-url http://127.0.0.1:{PORT}{project.states}" if project.states else ""
    steps: list[Step] = []
    if project.role.consumes:
        publish = f"tally publish contracts {named} --output github"
        steps.append(Step("publish what this version relies on", publish, secrets=BROKER))
    if project.role.produces:
        steps.append(
            Step(
                "verify what others rely on",
                f"""\
{project.start} --port {PORT} &
trap "kill $!" EXIT
curl -sS -o /dev/null --retry 30 --retry-delay 1 --retry-connrefused http://127.0.0.1:{PORT}/
tally verify --producer "$PARTICIPANT" --base-url http://127.0.0.1:{PORT} \\
  {named}{states} --publish --output github
""",
                secrets=BROKER,
            )
        )
    return tuple(steps)


def chaos(_: Project) -> tuple[Step, ...]:
    """Test while calls are broken, under a fixed seed."""
    return (
        Step(
            "chaos tests",
            "pytest -m chaos --junitxml=reports/chaos.xml",
            env={"CHAOS_SEED": CHAOS_SEED},
        ),
    )


def benchmark(_: Project) -> tuple[Step, ...]:
    """Measure against the sandbox, within a capped budget."""
    return (
        _capped("sandbox", "SANDBOX_URL", SANDBOX),
        Step(
            "measure",
            """\
mkdir -p reports
tally bench run --base-url "$GATEWAY_URL" --tool get_balance \\
  --input "{\\"agent_id\\": \\"$AGENT_ID\\"}" --iterations 500 \\
  --out reports/benchmark.json --report reports/benchmark.html
""",
            variables={"GATEWAY_URL": "SANDBOX_URL"},
            secrets={"TALLY_TARGET_TOKEN": "GREENHELIX_SANDBOX_KEY"},
        ),
        Step(
            "compare with the baseline of the repository",
            """\
if [ -e benchmarks/baseline.json ]; then
  tally bench compare benchmarks/baseline.json reports/benchmark.json --output github
else
  echo "::warning::no benchmarks/baseline.json yet: commit reports/benchmark.json under that name"
fi
""",
        ),
        Step(
            "hold the limits",
            "tally bench gate reports/benchmark.json 'p99<500ms' 'error_rate<1%' --output github",
        ),
    )


def can_i_deploy(project: Project) -> tuple[Step, ...]:
    """Ask the broker, for each place in turn."""
    return tuple(
        Step(
            f"may it go to {environment}?",
            'tally can-i-deploy --participant "$PARTICIPANT" --version "$VERSION" '
            f"--environment {environment} "
            f"--retry-while-unknown {project.patience} --retry-interval 15 --output github",
            secrets=BROKER,
        )
        for environment in ("staging", "production")
    )


def staging(project: Project) -> tuple[Step, ...]:
    """Deploy to staging and test there, within a capped budget."""
    return (
        _capped("staging", "STAGING_URL", STAGING),
        Step(
            "deploy",
            f'{project.deploy} --env staging --agent-id "$AGENT_ID"',
            secrets=STAGING,
        ),
        Step(
            "smoke tests",
            "pytest tests/smoke --junitxml=reports/smoke.xml",
            env={"TARGET_ENV": "staging"},
            secrets=STAGING,
        ),
        _recorded("staging"),
    )


def canary(project: Project) -> tuple[Step, ...]:
    """Give the new version a share of production, then all of it."""
    options = f" {project.canary}" if project.canary else ""
    return (
        Step(
            "remember how production stands",
            """\
mkdir -p reports
tally rollback-check --base-url "$GATEWAY_URL" --take-snapshot reports/before.json
""",
            variables={"GATEWAY_URL": "GATEWAY_URL"},
            secrets=PRODUCTION,
        ),
        Step(
            "deploy beside the stable version",
            f'{project.deploy} --env production --agent-id "$AGENT_ID-canary"',
            secrets=PRODUCTION,
        ),
        Step(
            "shift traffic step by step",
            f"""\
tally canary run --stable "$STABLE_URL" --canary "$CANARY_URL" --port {CANARY_PORT} \\
  --participant "$PARTICIPANT" --version "$VERSION" --environment production \\
  --state reports/canary.json --publish{options}
""",
            variables={"STABLE_URL": "STABLE_URL", "CANARY_URL": "CANARY_URL"},
            secrets=BROKER,
        ),
        Step(
            "deploy for everybody",
            f'{project.deploy} --env production --agent-id "$AGENT_ID"',
            secrets=PRODUCTION,
        ),
        _recorded("production"),
    )


def watch(project: Project) -> tuple[Step, ...]:
    """Compare production with how it stood before."""
    return (
        Step(
            "put the version before it back if anything asks for it",
            f"""\
code=0
tally rollback-check --base-url "$GATEWAY_URL" --snapshot reports/before.json || code=$?
if [ "$code" = 1 ]; then
  {project.deploy} --env production --agent-id "$AGENT_ID" --rollback
fi
exit "$code"
""",
            variables={"GATEWAY_URL": "GATEWAY_URL"},
            secrets=PRODUCTION,
        ),
    )


def _capped(place: str, variable: str, secrets: Mapping[str, str]) -> Step:
    return Step(
        f"cap the budget of the {place} key",
        'tally budget set --base-url "$GATEWAY_URL"',
        variables={"GATEWAY_URL": variable},
        secrets=secrets,
    )


def _recorded(environment: str) -> Step:
    return Step(
        f"record what runs in {environment}",
        'tally record-deployment --participant "$PARTICIPANT" --version "$VERSION" '
        f"--environment {environment}",
        secrets=BROKER,
    )
