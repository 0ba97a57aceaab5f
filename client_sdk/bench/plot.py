"""A plot of latencies in SVG: one line per benchmark over its percentiles, with its interval."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import ceil, log10
from typing import Final
from xml.sax.saxutils import escape

from client_sdk.bench.result import BenchmarkResult
from client_sdk.bench.samples import is_supported, percentile, percentile_interval

WIDTH, ROW, PLOT_HEIGHT = 760, 20, 280
LEFT, TOP, RIGHT, BELOW = 70, 40, 20, 50
FONT: Final = 'role="img" font-family="sans-serif" font-size="12"'
ALPHA: Final = 0.025  # the band is a 95 % interval
# Evenly spaced in "one in how many": the tail gets as much room as the middle.
SHARES: Final = (0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 0.99, 0.999)
LABELS: Final = ("p10", "p25", "p50", "p75", "p90", "p95", "p99", "p99.9")
COLOURS: Final = ("#0b5fa5", "#b5540a", "#1b7f4d", "#8a2be2", "#a11f3b", "#5b5b5b")
DASHES: Final = ("", "6 3", "2 3", "8 3 2 3")


@dataclass(frozen=True, slots=True)
class _Point:
    position: int
    value: float
    low: float
    high: float


def plot_svg(results: Iterable[BenchmarkResult]) -> str:
    """Draw the latencies of successful calls; every name is escaped, nothing is loaded."""
    shown = [(result, _points(result)) for result in results if result.latencies]
    top = _round_up(max((point.value for _, points in shown for point in points), default=1.0))
    height = TOP + PLOT_HEIGHT + BELOW + ROW * max(1, len(shown))
    size = f'viewBox="0 0 {WIDTH} {height}" width="{WIDTH}" height="{height}"'
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" {size} {FONT}>',
        "<title>Latency by percentile</title>",
        f'<rect width="{WIDTH}" height="{height}" fill="#ffffff"/>',
        f'<text x="{LEFT}" y="22" font-size="14">Latency by percentile, in ms</text>',
        *_axes(top),
    ]
    for number, (result, points) in enumerate(shown):
        parts += _line(points, top, number)
        parts += _legend(result, number)
    if not shown:
        parts.append(f'<text x="{LEFT + 20}" y="{TOP + 40}">no call succeeded</text>')
    return "\n".join([*parts, "</svg>"])


def _points(result: BenchmarkResult) -> list[_Point]:
    ordered = sorted(result.latencies)
    points = []
    for position, share in enumerate(SHARES):
        if is_supported(len(ordered), share):
            found = percentile_interval(ordered, share, ALPHA)
            points.append(_Point(position, found.value, found.low, min(found.high, ordered[-1])))
    return points or [_Point(2, percentile(ordered, 0.5), ordered[0], ordered[-1])]


def _axes(top: float) -> list[str]:
    parts = []
    for step in range(6):
        value = top * step / 5
        y = _y(value, top)
        parts.append(
            f'<line x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{y:.1f}" y2="{y:.1f}" stroke="#d9d9d9"/>'
        )
        parts.append(f'<text x="{LEFT - 8}" y="{y + 4:.1f}" text-anchor="end">{value:.4g}</text>')
    for position, label in enumerate(LABELS):
        y = TOP + PLOT_HEIGHT + 18
        parts.append(f'<text x="{_x(position):.1f}" y="{y}" text-anchor="middle">{label}</text>')
    return parts


def _line(points: Sequence[_Point], top: float, number: int) -> list[str]:
    colour, dash = COLOURS[number % len(COLOURS)], DASHES[number % len(DASHES)]
    upper = [f"{_x(each.position):.1f},{_y(each.high, top):.1f}" for each in points]
    lower = [f"{_x(each.position):.1f},{_y(each.low, top):.1f}" for each in reversed(points)]
    middle = [f"{_x(each.position):.1f},{_y(each.value, top):.1f}" for each in points]
    dots = [
        f'<circle cx="{_x(each.position):.1f}" cy="{_y(each.value, top):.1f}" r="3" '
        f'fill="{colour}"/>'
        for each in points
    ]
    stroke = f'stroke="{colour}" stroke-width="2" stroke-dasharray="{dash}"'
    return [
        f'<polygon points="{" ".join([*upper, *lower])}" fill="{colour}" fill-opacity="0.12"/>',
        f'<polyline points="{" ".join(middle)}" fill="none" {stroke}/>',
        *dots,
    ]


def _legend(result: BenchmarkResult, number: int) -> list[str]:
    colour, dash = COLOURS[number % len(COLOURS)], DASHES[number % len(DASHES)]
    y = TOP + PLOT_HEIGHT + BELOW + ROW * number
    said = f"{result.name} ({result.successes} calls, median {result.median_ms:.4g} ms)"
    stroke = f'stroke="{colour}" stroke-width="2" stroke-dasharray="{dash}"'
    return [
        f'<line x1="{LEFT}" x2="{LEFT + 30}" y1="{y - 4}" y2="{y - 4}" {stroke}/>',
        f'<text x="{LEFT + 38}" y="{y}">{escape(printable(said))}</text>',
    ]


def printable(text: str) -> str:
    """Give a text on one line, without characters that XML or a terminal would stumble on."""
    return "".join(letter if letter.isprintable() else " " for letter in text)


def _x(position: int) -> float:
    return LEFT + 20 + position * (WIDTH - LEFT - RIGHT - 40) / (len(SHARES) - 1)


def _y(value: float, top: float) -> float:
    return TOP + PLOT_HEIGHT - min(value, top) / top * PLOT_HEIGHT


def _round_up(value: float) -> float:
    """The next number of one or two significant digits, so that the axis has readable labels."""
    if value <= 0:
        return 1.0
    step = 10.0 ** (ceil(log10(value)) - 1) / 2
    whole: float = ceil(value / step) * step
    return whole
