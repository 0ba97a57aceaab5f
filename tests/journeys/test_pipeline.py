"""The generated pipeline, stage by stage, in a project of its own: sandbox, staging, production."""

import contextlib
import json
import os
import shutil
import socket
import subprocess
import sys
import threading
from pathlib import Path

import pytest
import requests
from journeys.processes import Team, broker_process, clean_environ

from client_sdk.cli.processes import server

pytestmark = pytest.mark.journey
PROJECT = Path(__file__).parents[1] / "data" / "pipeline-project"
KEYS = {
    "GREENHELIX_SANDBOX_KEY": "sandbox-key",
    "GREENHELIX_STAGING_KEY": "staging-key",
    "GREENHELIX_PROD_KEY": "prod-key",
    "TALLY_TOKEN": "not-asked-for-in-local-mode",
}
AGENT = "test-buyer"


@contextlib.contextmanager
def gateway(key):
    command = [sys.executable, "-m", "client_sdk.mock", "--port", "0", "--key", key]
    with server(command, "listens on ") as running:
        yield running.url


def call(url, key, tool, input_data, **headers):
    return requests.post(
        f"{url}/v1",
        json={"tool": tool, "input": input_data},
        headers={"Authorization": f"Bearer {key}", **headers},
        timeout=5,
    )


def inhabit(url, key):
    """An agent in good standing: known, trusted, solvent, and busy without errors."""
    assert call(url, key, "deposit", {"agent_id": AGENT, "amount": "100.00"}).ok
    assert call(url, key, "register_agent", {"agent_id": AGENT, "name": "Buyer"}).ok
    busy(url, key)


def busy(url, key, errors=0):
    metrics = {"agent_id": AGENT, "requests": 100, "errors": errors, "latency_ms": 20}
    assert call(url, key, "submit_metrics", metrics).ok


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Pipeline:
    """A project's folder, its settings, and the stages of its pipeline."""

    def __init__(self, folder, settings, port):
        self.folder = folder
        self.settings = settings
        self.port = port

    def run(self, *stages, role="consumer", participant="buyer-agent", **settings):
        canary = f"--port {self.port} --step-seconds 0.5 --poll 0.1 --deadline 60"
        done = subprocess.run(
            [
                *(sys.executable, "-m", "client_sdk.cli", "ci", "run", *stages),
                *("--participant", participant, "--role", role, "--agent-id", AGENT),
                *("--states", "/_state"),
                *("--canary", canary, "--patience", "0", "--output", "json"),
            ],
            cwd=self.folder,
            env={**self.settings, **settings},
            capture_output=True,
            text=True,
            check=False,
            timeout=180,
        )
        assert done.stdout.rfind("{\n") >= 0, done.stderr
        return done, json.loads(done.stdout[done.stdout.index('{\n  "stages"') :])

    def passes(self, *stages, **settings):
        done, answer = self.run(*stages, **settings)
        assert done.returncode == 0, f"{done.stdout}\n{done.stderr}"
        assert [each["failed_step"] for each in answer["stages"]] == [None] * len(stages)


@pytest.fixture
def places():
    with contextlib.ExitStack() as opened:
        urls = {
            name: opened.enter_context(gateway(key))
            for name, key in {
                "SANDBOX_URL": "sandbox-key",
                "STAGING_URL": "staging-key",
                "STABLE_URL": "prod-key",
                "CANARY_URL": "prod-key",
            }.items()
        }
        for name in ("SANDBOX_URL", "STABLE_URL"):
            inhabit(urls[name], "sandbox-key" if name == "SANDBOX_URL" else "prod-key")
        yield {**urls, "GATEWAY_URL": urls["STABLE_URL"]}


@pytest.fixture
def team(tmp_path):
    with broker_process(f"sqlite:///{tmp_path}/broker.db") as running:
        yield Team(running.url, tmp_path)


@pytest.fixture
def pipeline(tmp_path, places, team):
    folder = tmp_path / "project"
    shutil.copytree(PROJECT, folder)
    (folder / "staging.url").write_text(places["STAGING_URL"])
    commands = str(Path(sys.executable).parent)
    settings = {
        **clean_environ(),
        **KEYS,
        **places,
        "PATH": f"{commands}{os.pathsep}{os.environ['PATH']}",
        "TALLY_BROKER_URL": team.broker_url,
        "VERSION": "1.0.0",
        "BRANCH": "main",
        "BUILD_URL": "http://127.0.0.1/builds/1",
    }
    return Pipeline(folder, settings, free_port())


@contextlib.contextmanager
def traffic(port):
    """Callers with keys of their own, for as long as the canary listens."""
    over = threading.Event()

    def drive():
        number = 0
        while not over.is_set():
            number += 1
            with contextlib.suppress(requests.RequestException):
                key = {"X-Canary-Key": f"caller-{number}"}
                url = f"http://127.0.0.1:{port}"
                call(url, "prod-key", "get_balance", {"agent_id": AGENT}, **key)

    thread = threading.Thread(target=drive)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join(10)


def test_every_stage_of_the_generated_pipeline_runs(pipeline, team, places):
    """P1 to P8, in the order of the workflow."""
    made = team.tally("ci", "init", "-p", "buyer-agent", "--directory", pipeline.folder)
    assert made.code == 0, made.err
    for environment in ("staging", "production"):
        assert team.tally("environments", "create", environment).code == 0

    pipeline.passes("lint", "unit", "integration", "contract", "chaos", "benchmark")

    # the decision is no before the gateway was verified, and yes afterwards
    done, answer = pipeline.run("can-i-deploy")
    assert done.returncode == 1
    assert answer["stages"][-1]["failed_step"] == "may it go to staging?"
    pipeline.passes("contract", role="producer", participant="gateway", VERSION="7")
    for environment in ("staging", "production"):
        deployed = ("--participant", "gateway", "--version", "7", "--environment", environment)
        assert team.tally("record-deployment", *deployed).code == 0
    pipeline.passes("can-i-deploy")

    pipeline.passes("staging")
    with traffic(pipeline.port):
        pipeline.passes("canary")
    done, answer = pipeline.run("watch")
    assert done.returncode == 1, "without requests nobody knows how production does"
    busy(places["GATEWAY_URL"], "prod-key")
    pipeline.passes("watch")

    assert (pipeline.folder / "deployed.log").read_text().splitlines() == [
        f"--env staging --agent-id {AGENT}",
        f"--env production --agent-id {AGENT}-canary",
        f"--env production --agent-id {AGENT}",
    ]
    shown = team.tally("environments", "show", "production", "--output", "json").json
    standing = {(each["participant"], each["version"]) for each in shown["deployments"]}
    assert standing == {("buyer-agent", "1.0.0"), ("gateway", "7")}


def test_production_that_got_worse_is_put_back(pipeline, places):
    """P8: the watch fails, and the version before it is deployed again."""
    before = ("rollback-check", "--base-url", places["GATEWAY_URL"], "--agent-id", AGENT)
    taken = Team("", pipeline.folder).tally(
        *before, "--api-key", "prod-key", "--take-snapshot", "before.json"
    )
    assert taken.code == 0, taken.err
    (pipeline.folder / "reports").mkdir()
    (pipeline.folder / "before.json").rename(pipeline.folder / "reports" / "before.json")
    busy(places["GATEWAY_URL"], "prod-key", errors=60)

    done, answer = pipeline.run("watch")

    assert done.returncode == 1
    assert (
        answer["stages"][0]["failed_step"]
        == "put the version before it back if anything asks for it"
    )
    assert (pipeline.folder / "deployed.log").read_text() == (
        f"--env production --agent-id {AGENT} --rollback\n"
    )
