"""Polls a controller until its deployment has come to an end, here or in a thread."""

from __future__ import annotations

import threading
from concurrent.futures import Future
from typing import TYPE_CHECKING, Any

from client_sdk.canary.draining import check_wait
from client_sdk.canary.judging import Action
from client_sdk.canary.machine import IllegalTransition, State
from client_sdk.exchange import Outcome

if TYPE_CHECKING:
    from client_sdk.canary.controller import CanaryController


def run(controller: CanaryController, watch_seconds: float = 0) -> dict[str, Any]:
    """Start the canary unless it runs, move it as its evaluations say, and give the end.

    A step that stays undecided beyond the deadline ends the run where the configuration says hold.

    Raises:
        ValueError: `watch_seconds` cannot be meant; nothing was started.
    """
    check_wait("watch_seconds", watch_seconds)
    if controller.state is State.IDLE:
        controller.start()
    reason = _up_the_ladder(controller)
    if controller.state is State.PROMOTED and watch_seconds > 0:
        controller.watch()
    if controller.state is State.WATCHING:
        _watch(controller, watch_seconds)
    return ending(controller, reason)


def run_in_background(
    controller: CanaryController, watch_seconds: float = 0
) -> Future[dict[str, Any]]:
    """Run in a thread of its own; the future holds what `run` gives or raises."""
    check_wait("watch_seconds", watch_seconds)
    future: Future[dict[str, Any]] = Future()

    def work() -> None:
        future.set_running_or_notify_cancel()
        try:
            future.set_result(run(controller, watch_seconds))
        except BaseException as error:  # noqa: BLE001 - whoever asks the future shall see it
            future.set_exception(error)

    threading.Thread(target=work, name="canary", daemon=True).start()
    return future


def ending(controller: CanaryController, reason: str = "") -> dict[str, Any]:
    """Give the result of a run."""
    return {
        "final_state": str(controller.state),
        "final_weight": controller.current_weight,
        "rollback_reason": controller.reason,
        "canary_metrics": controller.traffic.all_canary.snapshot(),
        "stable_metrics": controller.traffic.all_stable.snapshot(),
        "outcome": str(outcome_of(controller)),
        "reason": controller.reason or reason,
    }


def outcome_of(controller: CanaryController) -> Outcome:
    """Give the verdict: promoted passes, rolled back fails, what still runs is inconclusive."""
    match controller.state:
        case State.PROMOTED | State.DONE:
            return Outcome.PASS
        case State.ROLLED_BACK | State.DRAINING:
            return Outcome.FAIL
        case _:
            return Outcome.INCONCLUSIVE


def _up_the_ladder(controller: CanaryController) -> str:
    reason = ""
    while controller.state is State.RUNNING and not controller.stopped.is_set():
        decision = _polled(controller)
        reason = decision["reason"]
        _act(controller, decision)
        if decision["inconclusive"]:
            controller.tell("inconclusive", {"reason": reason})
            if decision["action"] == Action.HOLD:
                break
    return reason


def _polled(controller: CanaryController) -> dict[str, Any]:
    controller.clock.sleep(controller.config.poll_interval)
    controller.announce("poll", {"weight": controller.current_weight})
    return controller.evaluate()


def _act(controller: CanaryController, decision: dict[str, Any]) -> None:
    """Do what was decided; an operator may have moved the canary in the meantime."""
    try:
        if decision["action"] == Action.ROLLBACK:
            controller.rollback(decision["reason"])
        elif decision["action"] == Action.PROMOTE:
            controller.promote()
    except IllegalTransition as moved:
        controller.tell("moved-meanwhile", {"reason": str(moved)})


def _watch(controller: CanaryController, seconds: float) -> None:
    while controller.traffic.step.seconds < seconds and not controller.stopped.is_set():
        decision = _polled(controller)
        if decision["action"] == Action.ROLLBACK:
            _act(controller, decision)
            return
    is_over = controller.traffic.step.seconds >= seconds
    if controller.state is State.WATCHING and is_over:
        controller.finish_watch()
