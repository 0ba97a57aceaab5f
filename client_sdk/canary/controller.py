"""The controller: routes calls between two arms and moves a canary up its ladder, or back."""

from __future__ import annotations

import logging
import threading
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from client_sdk.canary import lifecycle, reporting
from client_sdk.canary.breaches import note_breach
from client_sdk.canary.config import FULL, CanaryConfig
from client_sdk.canary.draining import DrainResult, check_wait, drained
from client_sdk.canary.hearing import Kind, heard_answer, heard_exception
from client_sdk.canary.machine import Phase, State, moved
from client_sdk.canary.routing import Routing
from client_sdk.canary.running import run, run_in_background
from client_sdk.canary.store import Store, store_of
from client_sdk.canary.traffic import ContractCheck, Ticket, Traffic
from client_sdk.clock import Clock, SystemClock
from client_sdk.contract.values import JsonObject, JsonValue
from client_sdk.exchange import Evidence, Executes

log = logging.getLogger(__name__)
MOST_EVENTS: Final = 1_000
Hook = Callable[[str, JsonObject], None]
"""Gets the name of an event and its details; one that raises is logged and changes nothing."""


class CanaryController(Routing):
    """Tries a new version on part of the callers, each pinned to its arm; safe between threads.

    Args:
        config: The plan.
        stable_client: Calls the version that serves now.
        canary_client: Calls the version that is tried.
        metrics_client: Is told both agents' numbers after each step (`submit_metrics`).
        clock: Tells the time.
        store: Keeps the state, or the path of its file; a controller goes on from what it holds.
        hooks: Are told of every event.
        contract_check: Judges each success of the canary; a breaking violation rolls back.

    Example:
        >>> from client_sdk.exchange import Result
        >>> class Arm:
        ...     def execute(self, tool, input_data):
        ...         return Result(200, {"balance": "1.00"})
        >>> controller = CanaryController(CanaryConfig("v1", "v2"), Arm(), Arm())
        >>> controller.start()
        >>> controller.route_request("get_balance", {"agent_id": "test-a"}).status_code
        200
        >>> controller.evaluate()["action"]
        'hold'
    """

    def __init__(  # noqa: PLR0913 - the guide's four; the rest is keyword-only
        self,
        config: CanaryConfig,
        stable_client: Executes,
        canary_client: Executes,
        metrics_client: Executes | None = None,
        *,
        clock: Clock | None = None,
        store: Store | str | Path | None = None,
        hooks: Sequence[Hook] = (),
        contract_check: ContractCheck | None = None,
    ) -> None:
        self.config = config
        self.clock = clock or SystemClock()
        self.stable_client = stable_client
        self.canary_client = canary_client
        self.metrics_client = metrics_client
        self.traffic = Traffic(config, self.clock)
        self.phase = Phase.ANALYSING
        self.reason: str | None = None
        self.breach: str | None = None
        self.failures_in_a_row = 0
        self.steps: list[JsonObject] = []
        self.events: deque[JsonObject] = deque(maxlen=MOST_EVENTS)
        self.stopped = threading.Event()
        self._state = State.IDLE
        self._store = store_of(store)
        self._hooks = tuple(hooks)
        self.contract_check = contract_check
        saved = None if self._store is None else self._store.load()
        if saved is not None:
            self._state = lifecycle.restored(self, saved)

    @property
    def state(self) -> State:
        """Where the deployment stands."""
        return self._state

    @property
    def current_weight(self) -> float:
        """The share of new callers that goes to the canary, as a percentage."""
        return self.traffic.split * FULL

    @property
    def history(self) -> tuple[JsonObject, ...]:
        """Every step that has ended, with both arms' numbers, oldest first."""
        return tuple(self.steps)

    def start(self) -> None:
        """Send the initial share of callers to the canary.

        Raises:
            IllegalTransition: it was started before.
            GateRefused: a gate gave no plain yes.
        """
        lifecycle.start(self)

    def route_request(self, tool: str, input_data: JsonValue, *, key: str | None = None) -> Any:  # noqa: ANN401 - whatever the arm's client gives
        """Call the tool on the arm that the caller belongs to, and give its answer.

        Args:
            tool: The tool's name.
            input_data: Its input; an entity named in it decides the arm before anything else.
            key: What the caller is known by; without one the configured `sticky_key`, and
                without that each call is placed on its own.

        Raises:
            Exception: what the arm's client raises, after it was counted.
        """
        ticket = self.traffic.choose(tool, input_data, key)
        client = self.canary_client if ticket.on_canary else self.stable_client
        try:
            result = client.execute(tool, input_data)
        except Exception as error:
            self.failed(ticket, error, bound_ms=reporting.bound_ms(client, self.config))
            raise
        self.answered(ticket, tool, input_data, result)
        if self.config.mirror and not ticket.on_canary:
            lifecycle.mirror(self, tool, input_data)
        return result

    def answered(self, ticket: Ticket, tool: str, sent: JsonValue, result: object) -> None:
        """Count an answer that somebody else fetched for a ticket of `traffic.choose`."""
        elapsed = self.traffic.elapsed_ms(ticket)
        heard = heard_answer(result, elapsed, self.config.error_classifier)
        answer = result if isinstance(result, Mapping) else {}
        if ticket.on_canary and heard.kind is Kind.SUCCESS:
            note_breach(self, tool, answer)
        self.traffic.count(ticket, heard)
        if self.traffic.learn(ticket, heard, tool, sent, answer.get("body")):
            self.save()

    def failed(self, ticket: Ticket, error: BaseException, *, bound_ms: float) -> None:
        """Count a call that raised; a timeout took `bound_ms` at least."""
        elapsed = self.traffic.elapsed_ms(ticket)
        self.traffic.count(ticket, heard_exception(error, elapsed, bound_ms=bound_ms))

    def evaluate(self) -> dict[str, Any]:
        """Judge what was seen so far; may be asked at any time, and moves nothing.

        Returns:
            `action` (promote, hold or rollback), `reason`, `canary_metrics`, `stable_metrics`, and
            `inconclusive`: whether the step is given up undecided.
        """
        with self.traffic.lock:
            opinion, gave_up = lifecycle.opinion(self)
            self.save()
            return {
                "action": str(opinion.action),
                "reason": opinion.reason,
                "canary_metrics": self.traffic.all_canary.snapshot(),
                "stable_metrics": self.traffic.all_stable.snapshot(),
                "inconclusive": gave_up,
            }

    def promote(self) -> bool:
        """Go to the next step, or to 100 after the last one, if every gate says yes.

        Returns:
            Whether the weight was raised. After a gate's no the canary is rolled back.

        Raises:
            IllegalTransition: it is not running.
        """
        return lifecycle.promote(self)

    def rollback(self, reason: str) -> None:
        """Send every new caller to stable at once; entities of the canary stay with it.

        Raises:
            IllegalTransition: nothing runs that could be rolled back.
        """
        with self.traffic.lock:
            if self._state is not State.DRAINING:
                self.begin_draining(reason)
            self.finish_draining()

    def begin_draining(self, reason: str) -> None:
        """Send every new caller to stable and wait for what the canary still has open."""
        lifecycle.begin_draining(self, reason)

    def finish_draining(self) -> None:
        """Take the canary as drained."""
        self.move(State.ROLLED_BACK, "rollback", {"reason": self.reason})

    def drain(self, timeout: float) -> DrainResult:
        """Stop new traffic, wait until what the canary made has come to its end, roll back.

        Returns:
            What was and was not drained; an answer that cannot be read is an error, not empty.

        Raises:
            IllegalTransition: nothing runs that could be drained.
        """
        check_wait("timeout", timeout)
        if self._state not in {State.DRAINING, State.ROLLED_BACK}:
            self.begin_draining("drained")
        result = drained(self, timeout)
        if self._state is State.DRAINING:
            self.finish_draining()
        return result

    def pause(self) -> None:
        """Stay at this weight until `resume`; harm still rolls back. Only what runs pauses."""
        lifecycle.enter(self, Phase.PAUSED, act="pause")

    def resume(self) -> None:
        """Go on after a pause; raises IllegalTransition unless it is running."""
        lifecycle.enter(self, Phase.ANALYSING, act="resume")

    def watch(self) -> None:
        """Hold the promoted version against the history of stable from now on."""
        lifecycle.begin_watch(self)

    def finish_watch(self) -> None:
        """End the watch: the deployment is done."""
        lifecycle.finish_watch(self)

    def abort(self) -> None:
        """Stop a background run, and roll back what is not promoted, without draining."""
        self.stopped.set()
        with self.traffic.lock:
            if self._state in {State.RUNNING, State.DRAINING}:
                self.rollback("aborted")

    def run_deployment(self, *, background: bool = False, watch_seconds: float = 0) -> Any:  # noqa: ANN401 - a dict, or a future that will hold it
        """Poll, judge and move until the deployment has come to an end.

        Args:
            background: Run in a thread, and give a future at once.
            watch_seconds: How long to hold the promoted version against history.

        Returns:
            `final_state`, `final_weight`, `rollback_reason`, `canary_metrics`, `stable_metrics`,
            `outcome` (pass, fail, inconclusive) and `reason`.
        """
        if background:
            return run_in_background(self, watch_seconds)
        return run(self, watch_seconds)

    def evidence(self, *, version: str = "", commit: str | None = None) -> Evidence:
        """Give what this deployment found, for `POST /evidence`."""
        return reporting.evidence(self, version=version, commit=commit)

    def explain(self) -> str:
        """Say in sentences where the deployment stands and why."""
        return reporting.explained(self)

    def move(self, target: State, act: str, details: JsonObject) -> None:
        """Go to another state, tell the hooks and save; raises IllegalTransition."""
        with self.traffic.lock:
            self._state = moved(self._state, target, act=act)
            self.traffic.is_judged = self._state in {State.RUNNING, State.WATCHING}
            self.tell(act, details)
            self.save()

    def tell(self, event: str, details: JsonObject) -> None:
        """Write an event down and tell the hooks."""
        known = {"weight": self.current_weight, "state": str(self._state), **details}
        self.events.append({"event": event, "at": self.clock.time(), **known})
        self.announce(event, known)

    def announce(self, event: str, known: JsonObject) -> None:
        """Tell the hooks, and write nothing down."""
        for hook in self._hooks:
            try:
                hook(event, known)
            except Exception:
                log.exception("a hook failed at %s", event)

    def save(self) -> None:
        """Write the state to the store, if there is one; a full disk costs no caller its answer."""
        if self._store is None:
            return
        try:
            with self.traffic.lock:
                self._store.save(lifecycle.saved(self))
        except OSError as error:
            log.exception("the state of the canary was not saved")
            self.announce("not-saved", {"weight": self.current_weight, "reason": str(error)})
