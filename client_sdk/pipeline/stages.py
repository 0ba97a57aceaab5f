"""The stages of the delivery pipeline, in order, as data: from lint to watching a canary."""

from __future__ import annotations

from typing import Final

from client_sdk.pipeline.stage import Project, Stage, Step

PORT: Final = 8080
CANARY_PORT: Final = 8090  # where the traffic that is to be split arrives
BROKER: Final = {"TALLY_TOKEN": "TALLY_TOKEN"}
SANDBOX: Final = {"GREENHELIX_SANDBOX_KEY": "GREENHELIX_SANDBOX_KEY"}
STAGING: Final = {"GREENHELIX_STAGING_KEY": "GREENHELIX_STAGING_KEY"}
PRODUCTION: Final = {"GREENHELIX_PROD_KEY": "GREENHELIX_PROD_KEY"}
CHAOS_SEED: Final = "42"  # fixed: a red run can be repeated


def stages_of(project: Project) -> tuple[Stage, ...]:
    """Give the stages for a project; a producer verifies, a consumer publishes."""
    return (
        _lint(project),
        _unit(),
        _integration(),
        _contract(project),
        _chaos(),
        _benchmark(),
        _can_i_deploy(project),
        _staging(project),
        _canary(project),
        _watch(project),
    )


def _lint(project: Project) -> Stage:
    return Stage(
        "lint",
        "style, types and the contract files, without a network",
        (
            Step("style", f"ruff check {project.source} tests"),
            Step("types", f"mypy {project.source}"),
            Step("contracts", "tally lint contracts --output github"),
        ),
        budget_seconds=10,
        timeout_minutes=5,
    )


def _unit() -> Stage:
    return Stage(
        "unit",
        "the agent against mocks in its own process",
        (Step("unit tests", "pytest tests/unit --junitxml=reports/unit.xml"),),
        budget_seconds=30,
        timeout_minutes=5,
        needs=("lint",),
    )


def _integration() -> Stage:
    playback = {"TEST_MODE": "playback"}
    command = (
        "pytest tests/integration --junitxml=reports/integration.xml --report-unused-cassettes"
    )
    return Stage(
        "integration",
        "the agent against recordings; no key, no network",
        (
            Step("recorded tests", command, env=playback),
            Step(
                "recordings fit the contracts",
                "tally cassettes verify tests/cassettes --contract contracts --output github",
            ),
        ),
        budget_seconds=120,
        timeout_minutes=10,
        needs=("unit",),
    )


def _contract(project: Project) -> Stage:
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
    return Stage(
        "contract",
        "contracts published and verified, so that the broker can decide",
        tuple(steps),
        budget_seconds=120,
        timeout_minutes=10,
        needs=("integration",),
    )


def _chaos() -> Stage:
    return Stage(
        "chaos",
        "the agent while calls fail, stall and answer twice; on main only",
        (
            Step(
                "chaos tests",
                "pytest -m chaos --junitxml=reports/chaos.xml",
                env={"CHAOS_SEED": CHAOS_SEED},
            ),
        ),
        budget_seconds=300,
        timeout_minutes=15,
        needs=("integration",),
        main_only=True,
    )


def _benchmark() -> Stage:
    return Stage(
        "benchmark",
        "latency and errors against the sandbox, with a capped test wallet",
        (
            Step(
                "cap the budget of the sandbox key",
                'tally budget set --base-url "$GATEWAY_URL"',
                variables={"GATEWAY_URL": "SANDBOX_URL"},
                secrets=SANDBOX,
            ),
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
                "tally bench gate reports/benchmark.json 'p99<500ms' 'error_rate<1%' "
                "--output github",
            ),
        ),
        budget_seconds=300,
        timeout_minutes=15,
        needs=("integration",),
        main_only=True,
    )


def _can_i_deploy(project: Project) -> Stage:
    return Stage(
        "can-i-deploy",
        "the broker's decision, for staging and production",
        tuple(
            Step(
                f"may it go to {environment}?",
                'tally can-i-deploy --participant "$PARTICIPANT" --version "$VERSION" '
                f"--environment {environment} "
                f"--retry-while-unknown {project.patience} --retry-interval 15 --output github",
                secrets=BROKER,
            )
            for environment in ("staging", "production")
        ),
        budget_seconds=180,
        timeout_minutes=10,
        needs=("contract", "chaos", "benchmark"),
        main_only=True,
    )


def _staging(project: Project) -> Stage:
    return Stage(
        "staging",
        "deployed to staging, and smoke tests there",
        (
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
        ),
        budget_seconds=180,
        timeout_minutes=10,
        needs=("can-i-deploy",),
        main_only=True,
        environment="staging",
    )


def _canary(project: Project) -> Stage:
    options = f" {project.canary}" if project.canary else ""
    return Stage(
        "canary",
        "a share of production first, all of it only when nothing got worse",
        (
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
        ),
        budget_seconds=2400,
        timeout_minutes=60,
        needs=("staging",),
        main_only=True,
        environment="production",
    )


def _watch(project: Project) -> Stage:
    return Stage(
        "watch",
        "production watched after the deployment, and put back when it got worse",
        (
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
        ),
        budget_seconds=600,
        timeout_minutes=15,
        needs=("canary",),
        main_only=True,
        reports_of="canary",
        environment="production",
    )


def _recorded(environment: str) -> Step:
    return Step(
        f"record what runs in {environment}",
        'tally record-deployment --participant "$PARTICIPANT" --version "$VERSION" '
        f"--environment {environment}",
        secrets=BROKER,
    )
