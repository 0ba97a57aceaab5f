"""What the broker says about itself: logs, request ids, metrics and probes."""

import logging
import re
import sys
import time
import uuid
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from http import HTTPStatus
from typing import TextIO

import structlog
from flask import Blueprint, Flask, Response, g, request
from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    ProcessCollector,
    generate_latest,
)
from prometheus_client.exposition import CONTENT_TYPE_LATEST

from broker.web.problems import problem

REQUEST_ID_HEADER = "X-Request-Id"
UNROUTED = "(none)"
PROBES = frozenset({"/health/live", "/health/ready", "/metrics"})

_REQUEST_ID = re.compile(r"[A-Za-z0-9-]{1,64}")
_BUCKETS = (0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)


@dataclass(frozen=True, slots=True)
class Metrics:
    """The numbers of one application; every label is a route template, never a raw path."""

    registry: CollectorRegistry
    requests: Counter
    seconds: Histogram
    in_flight: Gauge


class _Log:
    """Writes what can be written: a reader that went away or a full disk fails no request."""

    def __init__(self, file: TextIO) -> None:
        self._file = file

    def msg(self, line: str) -> None:
        with suppress(OSError, ValueError):  # gone, full, or closed
            self._file.write(f"{line}\n")
            self._file.flush()

    debug = info = warning = error = critical = exception = msg


def configure_logging(*, level: str, as_json: bool) -> None:
    """Log to standard error, one line an event, with the request's id on each."""
    renderer: structlog.typing.Processor = (
        structlog.processors.JSONRenderer()
        if as_json
        else structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty())
    )
    least = logging.getLevelNamesMapping()[level.upper()]
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True, key="at"),
            renderer,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(least),
        logger_factory=lambda *_: _Log(sys.stderr),
        cache_logger_on_first_use=False,
    )
    logging.basicConfig(level=logging.WARNING, stream=sys.stderr, format="%(message)s", force=True)
    # A queue of one is no news: it is said for every request that waits a moment.
    logging.getLogger("waitress.queue").setLevel(logging.ERROR)


def install_observability(app: Flask, *, is_ready: Callable[[], bool]) -> None:
    """Give every request of `app` an id, a log line and its place in the metrics; add the probes.

    `is_ready` says whether the store answers; it must not raise.
    """
    metrics = _new_metrics()
    app.before_request(lambda: _begin(metrics))
    app.after_request(lambda response: _end(metrics, response))
    app.register_blueprint(_probes(metrics, is_ready))


def _new_metrics() -> Metrics:
    registry = CollectorRegistry()
    ProcessCollector(registry=registry)
    return Metrics(
        registry=registry,
        requests=Counter(
            "tally_http_requests_total",
            "Answered requests.",
            ("method", "route", "status"),
            registry=registry,
        ),
        seconds=Histogram(
            "tally_http_request_seconds",
            "Time from the first line of a request to its answer.",
            ("method", "route"),
            buckets=_BUCKETS,
            registry=registry,
        ),
        in_flight=Gauge(
            "tally_http_requests_in_flight", "Requests being worked on.", registry=registry
        ),
    )


def _begin(metrics: Metrics) -> None:
    came = request.headers.get(REQUEST_ID_HEADER, "")
    g.request_id = came if _REQUEST_ID.fullmatch(came) else uuid.uuid4().hex
    g.began_at = time.perf_counter()
    metrics.in_flight.inc()
    structlog.contextvars.clear_contextvars()
    structlog.contextvars.bind_contextvars(request_id=g.request_id)


def _end(metrics: Metrics, response: Response) -> Response:
    route = request.url_rule.rule if request.url_rule else UNROUTED
    method = request.method if request.url_rule else UNROUTED
    seconds = time.perf_counter() - g.began_at
    metrics.in_flight.dec()
    metrics.requests.labels(method, route, str(response.status_code)).inc()
    metrics.seconds.labels(method, route).observe(seconds)
    response.headers[REQUEST_ID_HEADER] = g.request_id
    if route not in PROBES:
        structlog.get_logger("broker.request").info(
            "request",
            method=method,
            route=route,
            status=response.status_code,
            milliseconds=round(seconds * 1000, 2),
        )
    return response


def _probes(metrics: Metrics, is_ready: Callable[[], bool]) -> Blueprint:
    probes = Blueprint("probes", __name__)

    @probes.get("/health/live")
    def live() -> Response:
        return Response('{"status": "live"}', content_type="application/json")

    @probes.get("/health/ready")
    def ready() -> Response:
        if is_ready():
            return Response('{"status": "ready"}', content_type="application/json")
        detail = "The store does not answer, or its database is behind this program."
        return problem(HTTPStatus.SERVICE_UNAVAILABLE, "not-ready", detail)

    @probes.get("/metrics")
    def numbers() -> Response:
        return Response(generate_latest(metrics.registry), content_type=CONTENT_TYPE_LATEST)

    return probes
