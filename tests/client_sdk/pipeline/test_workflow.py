"""The generated workflow is valid YAML with the promised stages, rights and secrets (A6, B6)."""

import re

import pytest
import yaml

from client_sdk.errors import SettingsFault
from client_sdk.pipeline import Project, Role, files_of, stages_of, write_files
from client_sdk.pipeline.files import ACTION, ENV_EXAMPLE, IGNORE, REQUIREMENTS, WORKFLOW

PROJECT = Project("buyer-agent", Role.BOTH)
ORDER = [
    "lint",
    "unit",
    "integration",
    "contract",
    "chaos",
    "benchmark",
    "can-i-deploy",
    "staging",
    "canary",
    "watch",
]


@pytest.fixture(scope="module")
def workflow():
    return yaml.safe_load(files_of(PROJECT, stages_of(PROJECT))[WORKFLOW])


def steps_of(job):
    return [step for step in job["steps"] if "run" in step]


def commands(workflow, job):
    return "\n".join(step["run"] for step in steps_of(workflow["jobs"][job]))


def test_the_stages_stand_in_order_and_each_waits_for_the_one_before(workflow):
    """P1, p5."""
    jobs = workflow["jobs"]

    assert list(jobs) == ORDER
    assert jobs["unit"]["needs"] == ["lint"]
    assert jobs["contract"]["needs"] == ["integration"]
    assert jobs["can-i-deploy"]["needs"] == ["contract", "chaos", "benchmark"]
    assert jobs["canary"]["needs"] == ["staging"]
    assert jobs["watch"]["needs"] == ["canary"]


def test_the_budgets_and_limits_are_those_of_the_guide(workflow):
    """P1, P2."""
    stages = {stage.name: stage for stage in stages_of(PROJECT)}
    planned = ["lint", "unit", "integration", "chaos", "staging"]

    assert [stages[name].budget_seconds for name in planned] == [10, 30, 120, 300, 180]
    limits = [workflow["jobs"][name]["timeout-minutes"] for name in planned]
    assert limits == [5, 5, 10, 15, 10]


def test_it_runs_on_pushes_and_pull_requests_on_main_with_python_3_12(workflow):
    """P2; YAML 1.1 reads the key `on` as true."""
    assert workflow[True] == {
        "push": {"branches": ["main"]},
        "pull_request": {"branches": ["main"]},
    }
    assert workflow["env"]["PYTHON_VERSION"] == "3.12"


@pytest.mark.parametrize("stage", ["chaos", "benchmark", "can-i-deploy", "staging", "canary"])
def test_what_costs_or_deploys_runs_on_main_only(workflow, stage):
    """P3, P4."""
    assert workflow["jobs"][stage]["if"] == (
        "github.ref == 'refs/heads/main' && github.event_name == 'push'"
    )


def test_lint_unit_and_integration_see_no_secret_and_play_back(workflow):
    """P3, p6, h23."""
    for name in ("lint", "unit", "integration"):
        assert "secrets." not in str(workflow["jobs"][name])
    assert {"TEST_MODE": "playback"} in [
        step.get("env") for step in steps_of(workflow["jobs"]["integration"])
    ]


def test_a_secret_is_seen_by_single_steps_and_each_key_only_in_its_own_place(workflow):
    """P5, P6, p6."""
    assert "secrets." not in str(workflow["env"])
    seen = {}
    for name, job in workflow["jobs"].items():
        assert "env" not in job
        for step in steps_of(job):
            for variable, value in step.get("env", {}).items():
                if value.startswith("${{ secrets."):
                    seen.setdefault(variable, set()).add(name)
    assert seen == {
        "TALLY_TOKEN": {"contract", "can-i-deploy", "staging", "canary"},
        "GREENHELIX_SANDBOX_KEY": {"benchmark"},
        "TALLY_TARGET_TOKEN": {"benchmark"},
        "GREENHELIX_STAGING_KEY": {"staging"},
        "GREENHELIX_PROD_KEY": {"canary", "watch"},
    }


def test_rights_are_the_least_and_actions_are_pinned_by_commit(workflow):
    """p6."""
    assert workflow["permissions"] == {"contents": "read"}
    used = re.findall(r"uses: (\S+)", "\n".join(files_of(PROJECT, stages_of(PROJECT)).values()))
    pinned = [each for each in used if not each.startswith("./")]
    assert pinned
    assert all(re.fullmatch(r"[a-z-]+/[a-z-]+@[0-9a-f]{40}", each) for each in pinned)


def test_production_waits_for_approval_and_only_one_deployment_runs(workflow):
    """p5."""
    assert workflow["jobs"]["canary"]["environment"] == "production"
    assert workflow["jobs"]["canary"]["concurrency"] == {"group": "deploy-production"}
    assert workflow["jobs"]["staging"]["environment"] == "staging"


@pytest.mark.parametrize(
    ("stage", "key", "place"),
    [
        ("benchmark", "GREENHELIX_SANDBOX_KEY", "SANDBOX_URL"),
        ("staging", "GREENHELIX_STAGING_KEY", "STAGING_URL"),
    ],
)
def test_every_key_that_is_not_productions_is_capped_before_it_is_used(workflow, stage, key, place):
    """P7"""
    first = steps_of(workflow["jobs"][stage])[0]

    assert first["run"].strip() == 'tally budget set --base-url "$GATEWAY_URL"'
    assert first["env"] == {
        "GATEWAY_URL": f"${{{{ vars.{place} }}}}",
        key: f"${{{{ secrets.{key} }}}}",
    }


def test_deploying_goes_to_staging_through_smoke_tests_to_production(workflow):
    """P4."""
    assert '--env staging --agent-id "$AGENT_ID"' in commands(workflow, "staging")
    smoke = steps_of(workflow["jobs"]["staging"])[2]
    assert smoke["run"].startswith("pytest tests/smoke")
    assert smoke["env"]["TARGET_ENV"] == "staging"
    assert "--env production" in commands(workflow, "canary")


def test_only_a_reason_puts_the_version_before_it_back_not_ignorance(workflow):
    """P8, p5."""
    (watch,) = steps_of(workflow["jobs"]["watch"])
    lines = watch["run"].splitlines()

    assert "tally rollback-check" in lines[1]
    assert lines[2:] == [
        'if [ "$code" = 1 ]; then',
        '  ./deploy --env production --agent-id "$AGENT_ID" --rollback',
        "fi",
        'exit "$code"',
    ]


def test_the_workflow_runs_exactly_what_runs_here(workflow):
    for stage in stages_of(PROJECT):
        runs = [step["run"].rstrip("\n") for step in steps_of(workflow["jobs"][stage.name])]
        assert runs == [step.run.strip("\n") for step in stage.steps]


def test_a_consumer_publishes_and_a_producer_verifies():
    contract = {
        role: "\n".join(step.run for step in stages_of(Project("p", role))[3].steps)
        for role in Role
    }

    assert "tally publish" in contract[Role.CONSUMER]
    assert "tally verify" not in contract[Role.CONSUMER]
    assert "tally verify" in contract[Role.PRODUCER]
    assert "tally publish" not in contract[Role.PRODUCER]
    assert "tally publish" in contract[Role.BOTH]


def test_a_hostile_name_stays_a_string_in_the_workflow():
    hostile = Project("a", agent_id='x"\n    - run: evil # ${{ secrets.X }}')
    workflow = yaml.safe_load(files_of(hostile, stages_of(hostile))[WORKFLOW])

    assert workflow["env"]["AGENT_ID"] == hostile.agent_id


def test_every_file_is_written_and_the_env_file_is_ignored(tmp_path):
    """P6."""
    (tmp_path / IGNORE).write_text("dist/", "utf-8")

    written = write_files(tmp_path, files_of(PROJECT, stages_of(PROJECT)))

    assert set(written) == {WORKFLOW, ACTION, REQUIREMENTS, ENV_EXAMPLE, IGNORE}
    assert (tmp_path / IGNORE).read_text("utf-8") == "dist/\n.env\n"
    assert yaml.safe_load((tmp_path / ACTION).read_text("utf-8"))["runs"]["using"] == "composite"
    assert write_files(tmp_path, files_of(PROJECT, stages_of(PROJECT))) == ()


def test_nothing_of_the_users_is_overwritten_unless_forced(tmp_path):
    file = tmp_path / WORKFLOW
    file.parent.mkdir(parents=True)
    file.write_text("mine", "utf-8")
    files = files_of(PROJECT, stages_of(PROJECT))

    with pytest.raises(SettingsFault, match="would be overwritten"):
        write_files(tmp_path, files)

    assert file.read_text("utf-8") == "mine"
    assert not (tmp_path / ACTION).exists()
    write_files(tmp_path, files, force=True)
    assert file.read_text("utf-8") == files[WORKFLOW]


@pytest.mark.parametrize("name", [".github", ".github/workflows/tallystick.yml/x"])
def test_a_place_that_cannot_be_written_is_named(tmp_path, name):
    """p6: it ended in an internal error."""
    place = tmp_path / name
    place.parent.mkdir(parents=True, exist_ok=True)
    place.touch()
    project = Project("buyer-agent")

    with pytest.raises(SettingsFault, match=r"\.github.* cannot be written"):
        write_files(tmp_path, files_of(project, stages_of(project)))
    assert not (tmp_path / "requirements-ci.in").exists()


def test_files_of_another_encoding_are_kept_as_they_are(tmp_path):
    """p6."""
    (tmp_path / ".gitignore").write_bytes(b"caf\xe9\n")
    (tmp_path / "requirements-ci.in").write_bytes(b"\xff\xfe")
    project = Project("buyer-agent")

    with pytest.raises(SettingsFault, match=r"requirements-ci\.in would be overwritten"):
        write_files(tmp_path, files_of(project, stages_of(project)))
    write_files(tmp_path, files_of(project, stages_of(project)), force=True)

    assert (tmp_path / ".gitignore").read_bytes() == b"caf\xe9\n.env\n"
