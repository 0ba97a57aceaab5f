"""Stages run on this machine as the workflow runs them."""

import os

import pytest

from client_sdk.clock import VirtualClock
from client_sdk.errors import SettingsFault
from client_sdk.pipeline import Stage, Step, run_stages

BASE = {"PATH": os.environ["PATH"]}


def stage(*steps, name="one", budget=10):
    return Stage(name, "a stage", tuple(steps), budget_seconds=budget, timeout_minutes=1)


def run(tmp_path, *stages, clock=None, **environ):
    said = []
    results = run_stages(
        stages,
        folder=tmp_path,
        environ={**BASE, **environ},
        clock=clock or VirtualClock(),
        say=said.append,
    )
    return results, said


def test_stages_run_in_order_and_stop_at_the_first_that_fails(tmp_path):
    results, said = run(
        tmp_path,
        stage(Step("write", "echo 1 > a")),
        stage(Step("fail", "false"), Step("never", "echo 2 > b"), name="two"),
        stage(Step("never", "echo 3 > c"), name="three"),
    )

    assert [(result.stage.name, result.failed) for result in results] == [
        ("one", None),
        ("two", "fail"),
    ]
    assert sorted(each.name for each in tmp_path.iterdir()) == ["a"]
    assert said[0] == "── one: a stage"


def test_a_failure_inside_a_pipe_or_a_script_counts(tmp_path):
    (piped,), _ = run(tmp_path, stage(Step("pipe", "false | cat")))
    (script,), _ = run(tmp_path, stage(Step("script", "false\ntrue")))

    assert piped.failed == "pipe"
    assert script.failed == "script"


def test_a_step_sees_only_the_secrets_and_variables_it_names(tmp_path):
    step = Step(
        "look",
        'echo "$KEY $URL $PLAIN ${OTHER:-none}" > seen',
        env={"PLAIN": "plain"},
        variables={"URL": "SANDBOX_URL"},
        secrets={"KEY": "KEY"},
    )

    run(tmp_path, stage(step), KEY="k", SANDBOX_URL="u", OTHER="not for it")

    assert (tmp_path / "seen").read_text() == "k u plain none\n"


def test_a_missing_secret_is_named_before_anything_of_the_step_runs(tmp_path):
    with pytest.raises(SettingsFault, match="'look' needs KEY in the environment"):
        run(tmp_path, stage(Step("look", "echo > ran", secrets={"KEY": "KEY"})))

    assert not (tmp_path / "ran").exists()


def test_a_stage_that_takes_longer_than_planned_is_pointed_out(tmp_path):
    class Slow(VirtualClock):
        def monotonic(self):
            self.advance(7)
            return super().monotonic()

    (result,), _ = run(tmp_path, stage(Step("x", "true"), budget=6), clock=Slow())

    assert result.seconds == 7
    assert result.over_budget


def test_a_folder_that_is_not_there_is_named(tmp_path):
    """p5: it ended in an internal error."""
    with pytest.raises(SettingsFault, match="nowhere: No such file or directory"):
        run(tmp_path / "nowhere", stage(Step("one", "true")))
