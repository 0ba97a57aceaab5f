"""State hooks that hang, leave something behind or fail half-way: the run ends, and cleans up."""

import fcntl
import os
import signal
import socket
import sys

import pytest
from producers import a_contract, producer, verified

from client_sdk.errors import SettingsFault
from client_sdk.exchange import ToolMapping
from client_sdk.verify import (
    CheckOutcome,
    CommandStates,
    StateFailed,
    Target,
    ToolOutcome,
    UrlStates,
    VerifyOptions,
)

RICH = {"name": "x", "provider_state": "rich", "input": {"agent_id": "a"}}
# Starts a child of its own, which locks a file and keeps the streams open, and waits for it.
HANGS = """
import subprocess, sys
child = "import fcntl, sys, time; f = open(sys.argv[1], 'w'); fcntl.flock(f, 2); time.sleep(600)"
subprocess.run([sys.executable, "-c", child, sys.argv[1]])
"""
# Leaves a child behind that keeps the streams open, writes its number down, and ends well.
LEAVES = """
import subprocess, sys
child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
open(sys.argv[1], "w").write(str(child.pid))
"""


class Recording:
    """Keeps what it was asked; fails where it is told to."""

    def __init__(self, *fails):
        self.fails, self.asked = fails, []

    def change(self, _state, _params, action, _consumer):
        self.asked.append(action)
        if action in self.fails:
            raise StateFailed(f"{action} failed")


def run_of(states, **about):
    with producer(body=b'{"balance": "1"}') as (url, seen):
        return verified(a_contract(examples=[RICH]), url, states=states, **about), seen


def test_a_hook_that_hangs_is_ended_with_all_it_started(tmp_path):
    hook = CommandStates([sys.executable, "-c", HANGS, str(tmp_path / "lock")], patience=1)

    with pytest.raises(StateFailed, match="setup of state 'rich' did not finish within 1 s"):
        hook.change("rich", {}, "setup", "c")

    with (tmp_path / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)


def test_a_hook_may_leave_something_running(tmp_path):
    number = tmp_path / "number"
    CommandStates([sys.executable, "-c", LEAVES, str(number)]).change("rich", {}, "setup", "c")
    os.kill(int(number.read_text()), signal.SIGKILL)


def test_of_what_a_hook_complains_the_end_is_shown():
    script = "import sys; sys.stderr.write('x' * 5000 + 'no money'); sys.exit(3)"
    with pytest.raises(StateFailed, match=r"ended with 3: x+no money$") as failed:
        CommandStates([sys.executable, "-c", script]).change("rich", {}, "setup", "c")
    assert len(str(failed.value)) < 400


def test_what_a_failed_setup_left_is_torn_down():
    states = Recording("setup")
    run, seen = run_of(states)

    check = run.contracts[0].tools[0].checks[0]
    assert (states.asked, seen) == (["setup", "teardown"], [])
    assert (check.outcome, check.note) == (CheckOutcome.NOT_RUN, "setup failed")


def test_of_two_failures_the_first_is_told():
    run, _ = run_of(Recording("setup", "teardown"))
    assert run.contracts[0].tools[0].notes == ("setup failed",)


def test_an_interrupted_call_is_torn_down(monkeypatch):
    states = Recording()

    def interrupted(*_, **__):
        raise KeyboardInterrupt

    monkeypatch.setattr("client_sdk.verify.runner.judge", interrupted)
    with pytest.raises(KeyboardInterrupt):
        run_of(states)
    assert states.asked == ["setup", "teardown"]


def test_a_hook_at_an_address_that_is_none_is_refused_before_anything_is_sent():
    with pytest.raises(SettingsFault, match="the state address 'localhost:8701/_state'"):
        UrlStates("localhost:8701/_state")


@pytest.mark.parametrize(
    "address", ["http://[::1", "http://gateway:99999", "http://gateway:abc", "http://" + "a" * 70]
)
def test_a_target_no_request_can_go_to_is_a_settings_fault(address):
    with pytest.raises(SettingsFault):
        Target(address, ToolMapping.BODY).make_sure_somebody_listens(1)


def test_a_password_in_a_targets_address_is_never_shown():
    with pytest.raises(SettingsFault, match="use a header") as refused:
        Target("gopher://me:zz-secret@gateway").make_sure_somebody_listens(1)
    assert "zz-secret" not in str(refused.value)


@pytest.mark.parametrize("deadline", [float("nan"), -1])
def test_a_deadline_that_is_no_number_of_seconds_is_refused(deadline):
    with pytest.raises(SettingsFault, match="the deadline is a number of seconds"):
        VerifyOptions(deadline=deadline)


def test_no_call_waits_beyond_the_deadline():
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"http://127.0.0.1:{silent.getsockname()[1]}"
        run = verified(a_contract(), url, options=VerifyOptions(deadline=0.3))

    assert run.outcome is ToolOutcome.FAILED
    assert "within 0.3 s" in run.contracts[0].tools[0].violations[0].message
