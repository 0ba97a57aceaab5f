"""How a controller moves: up a step, back, and on after a crash."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from client_sdk.canary.config import FULL
from client_sdk.canary.gates import GateAnswer, GateOpinion, asked
from client_sdk.canary.judging import Action, Opinion
from client_sdk.canary.machine import IllegalTransition, Phase, State, moved
from client_sdk.canary.saved import members, objects, optional_text, text, whole
from client_sdk.canary.watching import Watch
from client_sdk.contract.document import json_equal
from client_sdk.contract.values import JsonObject, JsonValue
from client_sdk.errors import SettingsFault, TallyError

if TYPE_CHECKING:
    from client_sdk.canary.controller import CanaryController

FORMAT: Final = 1
READING: Final = ("get_", "list_", "search_", "find_", "check_", "read_")
SHARED: Final = frozenset({State.PROMOTED, State.WATCHING, State.DONE})


class GateRefused(TallyError):
    """A gate gave no plain yes before the first step; `answer` is what it gave."""

    def __init__(self, opinion: GateOpinion) -> None:
        super().__init__(f"the canary was not started: {opinion.answer}: {opinion.reason}")
        self.answer = opinion.answer


def start(controller: CanaryController) -> None:
    """Ask the gates and begin the first step."""
    config = controller.config
    moved(controller.state, State.RUNNING, act="start")
    opinion = asked(config.gates, config.initial_weight_pct)
    if opinion.answer is not GateAnswer.YES:
        raise GateRefused(opinion)
    with controller.traffic.lock:
        moved(controller.state, State.RUNNING, act="start")
        controller.traffic.began = controller.clock.monotonic()
        controller.traffic.begin(config.initial_weight_pct)
        controller.move(State.RUNNING, "start", {})


def promote(controller: CanaryController) -> bool:
    """Ask the gates outside the lock, for they may be slow, and step up if nothing moved since."""
    moved(controller.state, State.PROMOTED, act="promote")
    step = controller.traffic.step
    weight = next_weight(controller)
    opinion = asked(controller.config.gates, weight)
    with controller.traffic.lock:
        moved(controller.state, State.PROMOTED, act="promote")
        if controller.traffic.step is not step:
            raise IllegalTransition("promote: another caller has just promoted this step")
        if opinion.answer is not GateAnswer.YES:
            return _refused(controller, opinion, weight)
        controller.phase = Phase.ANALYSING
        end_step(controller, "promote")
        controller.traffic.begin(weight)
        controller.failures_in_a_row = 0
        if weight >= FULL:
            controller.move(State.PROMOTED, "promoted", {})
        else:
            controller.tell("step", {"step": weight})
            controller.save()
    return True


def next_weight(controller: CanaryController) -> float:
    """Give the first step of the ladder above the current weight."""
    now = controller.current_weight
    return next((step for step in controller.config.ladder if step > now), FULL)


def begin_draining(controller: CanaryController, reason: str) -> None:
    """Send every new caller to stable."""
    with controller.traffic.lock:
        moved(controller.state, State.DRAINING, act="rollback")
        end_step(controller, "rollback")
        controller.reason = str(reason)  # an exception is a reason too, and is saved as text
        controller.traffic.begin(0)
        controller.move(State.DRAINING, "draining", {"reason": controller.reason})


def enter(controller: CanaryController, phase: Phase, *, act: str) -> None:
    """Go on with a running step in another way."""
    with controller.traffic.lock:
        if controller.state is not State.RUNNING:
            raise IllegalTransition(f"{act} is not possible while the canary is {controller.state}")
        controller.phase = phase
        controller.tell("paused" if phase is Phase.PAUSED else "resumed", {})
        controller.save()


def begin_watch(controller: CanaryController) -> None:
    """Hold the promoted version against history; what is saved knows what it is held against."""
    with controller.traffic.lock:
        moved(controller.state, State.WATCHING, act="watch")
        controller.traffic.begin(FULL)
        controller.traffic.watch = Watch.against(controller.config, controller.traffic.all_stable)
        controller.move(State.WATCHING, "watch", {})


def finish_watch(controller: CanaryController) -> None:
    """Write the watch down as a step and end the deployment."""
    with controller.traffic.lock:
        moved(controller.state, State.DONE, act="done")
        end_step(controller, "watched")
        controller.move(State.DONE, "done", {})


def end_step(controller: CanaryController, ended_by: str) -> None:
    """Write the step down and tell the service that keeps both agents' numbers."""
    record = controller.traffic.step.record(ended_by)
    record["evidence"] = controller.traffic.judge.numbers()
    controller.steps.append(record)
    if controller.metrics_client is None:
        return
    step, config = controller.traffic.step, controller.config
    for agent_id, arm in (
        (config.canary_agent_id, step.canary),
        (config.stable_agent_id, step.stable),
    ):
        content: JsonObject = {
            "agent_id": agent_id,
            "requests": arm.requests_total,
            "errors": arm.requests_error,
            "latency_ms": arm.mean_latency_ms,
        }
        try:
            controller.metrics_client.execute("submit_metrics", content)
        except Exception as error:  # noqa: BLE001 - a lost report must not stop a rollback
            controller.tell("metrics-not-submitted", {"agent_id": agent_id, "error": str(error)})


def opinion(controller: CanaryController) -> tuple[Opinion, bool]:
    """Say what to do now, and whether the step is given up undecided."""
    if controller.state is State.WATCHING and controller.traffic.watch is not None:
        harm = controller.traffic.watch.harm()
        if harm is not None:
            return Opinion(Action.ROLLBACK, harm), False
        return Opinion(Action.HOLD, "no worse than history"), False
    if controller.state is not State.RUNNING:
        why = f": {controller.reason}" if controller.reason else ""
        return Opinion(Action.HOLD, f"the canary is {controller.state}{why}"), False
    if controller.breach is not None:
        return Opinion(Action.ROLLBACK, controller.breach), False
    return _of_running(controller)


def mirror(controller: CanaryController, tool: str, sent: JsonValue) -> None:
    """Ask the canary what stable was asked, if the tool only reads; drop the answer."""
    if controller.state is not State.RUNNING or not tool.startswith(READING):
        return
    try:
        controller.canary_client.execute(tool, sent)
    except Exception as error:  # noqa: BLE001 - the caller has its answer already
        controller.tell("mirror-failed", {"tool": tool, "error": str(error)})


def saved(controller: CanaryController) -> JsonObject:
    """Give everything that `restored` needs."""
    return {
        "format_version": FORMAT,
        "config": controller.config.to_json(),
        "state": str(controller.state),
        "phase": str(controller.phase),
        "weight": controller.current_weight,
        "reason": controller.reason,
        "breach": controller.breach,
        "failures_in_a_row": controller.failures_in_a_row,
        "steps": [*controller.steps],
        "events": [*controller.events],
        "traffic": controller.traffic.to_json(),
    }


def restored(controller: CanaryController, state: JsonObject) -> State:
    """Go on from what `saved` gave, and give the state.

    Raises:
        SettingsFault: it is of another format, or of another plan.
    """
    if state.get("format_version") != FORMAT:
        raise SettingsFault(
            f"the saved canary is of format {state.get('format_version')!r}, "
            f"and this version reads format {FORMAT}"
        )
    plan = controller.config.to_json()
    other = [
        name for name in plan if not json_equal(plan[name], members(state, "config").get(name))
    ]
    if other:
        raise SettingsFault(
            f"the saved canary has another plan (it differs in {', '.join(other)}): "
            "give the same configuration, or remove the file to begin anew"
        )
    try:
        return _resumed(controller, state)
    except ValueError as error:
        raise SettingsFault(
            f"the saved canary cannot be used: {error}; remove the file to begin anew"
        ) from error


def _resumed(controller: CanaryController, state: JsonObject) -> State:
    controller.phase = Phase(text(state, "phase"))
    controller.reason = optional_text(state, "reason")
    controller.breach = optional_text(state, "breach")
    controller.failures_in_a_row = whole(state, "failures_in_a_row")
    controller.steps = objects(state, "steps")
    controller.events.extend(objects(state, "events"))
    traffic = controller.traffic
    traffic.restore(members(state, "traffic"))
    found = State(text(state, "state"))
    traffic.split = traffic.step.weight / FULL
    traffic.is_judged = found in {State.RUNNING, State.WATCHING}
    return found


def _of_running(controller: CanaryController) -> tuple[Opinion, bool]:
    config, traffic = controller.config, controller.traffic
    found = traffic.judge.opinion(traffic.view())
    if found.action is Action.ROLLBACK:
        controller.failures_in_a_row += 1
        seen, wanted = controller.failures_in_a_row, config.consecutive_failures
        if seen < wanted:
            return Opinion(Action.HOLD, f"{found.reason} ({seen} of {wanted} in a row)"), False
        return found, False
    controller.failures_in_a_row = 0
    if controller.phase is Phase.PAUSED:
        return Opinion(Action.HOLD, f"paused; {found.reason}"), False
    if found.action is Action.HOLD and traffic.step.seconds >= config.deadline:
        action = Action(config.on_inconclusive)
        return Opinion(
            action, f"inconclusive after {traffic.step.seconds:.0f} s: {found.reason}"
        ), True
    return found, False


def _refused(controller: CanaryController, opinion: GateOpinion, weight: float) -> bool:
    details: JsonObject = {"step": weight, "answer": str(opinion.answer), "reason": opinion.reason}
    controller.tell("gate", details)
    if opinion.answer is GateAnswer.NO:
        controller.rollback(f"a gate refused {weight:g} %: {opinion.reason}")
    elif opinion.answer is GateAnswer.WAIT:
        controller.phase = Phase.AWAITING_APPROVAL
        controller.save()
    return False
