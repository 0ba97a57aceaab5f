"""`tally demo`, as somebody sees it who has just cloned the repository."""

import socket
import subprocess
import sys

import pytest
from journeys.processes import Team, broker_process, clean_environ

from client_sdk.cli.processes import server

pytestmark = pytest.mark.journey

DEMO = [sys.executable, "-m", "client_sdk.cli", "demo"]


def test_the_demo_tells_its_story_once_and_then_leaves_the_world_alone(tmp_path):
    command = [*DEMO, "--database", str(tmp_path / "demo.db"), "--port", "0", "--once"]
    first = run(command)
    assert first.returncode == 0, first.stderr
    assert "verified gateway 1.5.0 against buyer-agent-v2: passed" in first.stderr
    assert "verified gateway 1.6.0-rc.1 against buyer-agent-v2: failed" in first.stderr
    again = run(command)
    assert again.returncode == 0, again.stderr
    assert "already there" in again.stderr
    assert "published" not in again.stderr


def test_a_story_that_was_interrupted_is_told_to_its_end(tmp_path):
    database = tmp_path / "demo.db"
    with broker_process(f"sqlite:///{database}") as broker:
        Team(broker.url, tmp_path).tally("environments", "create", "production", "--production")

    said = run([*DEMO, "--database", str(database), "--port", "0", "--once"])

    assert said.returncode == 0, said.stderr
    assert "deployed them across the three environments" in said.stderr


def test_a_port_that_is_taken_is_left_to_its_owner(tmp_path):
    with socket.socket() as owner:
        owner.bind(("127.0.0.1", 0))
        owner.listen()
        port = owner.getsockname()[1]
        said = run([*DEMO, "--database", str(tmp_path / "demo.db"), "--port", str(port), "--once"])

    assert said.returncode == 0, said.stderr
    assert f"port {port} is taken: the next free one is used" in said.stderr
    assert "cannot listen" not in said.stderr


@pytest.mark.browser
def test_the_world_can_be_walked_through_in_a_browser(tmp_path, chromium):
    command = [*DEMO, "--database", str(tmp_path / "demo.db"), "--port", "0"]
    with server(command, "Tallystick is at ", clean_environ()) as demo:
        window = chromium.new_page(viewport={"width": 1280, "height": 900})
        window.goto(demo.url)
        assert window.get_by_text("buyer-agent-v2").first.is_visible()
        assert window.get_by_text("file-agent").first.is_visible()

        window.goto(f"{demo.url}/integrations/buyer-agent-v2/gateway")
        window.get_by_role("link", name="Diff", exact=True).click()
        window.goto(f"{demo.url}/integrations/buyer-agent-v2/gateway/diff?from=2.1.0&to=2.2.0")
        text = window.inner_text("main")
        assert "output-type-changed" in text
        assert "input-required-added" in text
        assert "escrow_id" in text  # the witness, as JSON

        window.goto(f"{demo.url}/can-i-deploy?participant=gateway&version=1.6.0-rc.1&to=staging")
        assert "failed" in window.inner_text("main")

        window.goto(f"{demo.url}/environments")
        board = window.inner_text("main")
        assert "production" in board
        assert "2026.8.31" in board


def run(command):
    return subprocess.run(
        command, capture_output=True, text=True, check=False, env=clean_environ(), timeout=120
    )
