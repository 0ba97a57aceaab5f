"""The network of integrations: who needs whom, in which state, around whom."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from broker.domain.environment import Environment
from broker.domain.matrix import MatrixRow, RowOutcome
from broker.domain.overview import OverviewRow, State
from broker.domain.states import WORST_FIRST, state_of_rows
from client_sdk.contract.names import fold_name


@dataclass(frozen=True, slots=True)
class NetworkQuery:
    """Which part of the network; every filter that is `None` lets all pass.

    `depth` is how many steps from `focus` a participant may be, `None` for as many as there are.
    With `environment` the versions that stand there are meant, not the newest ones.
    """

    focus: str | None = None
    depth: int | None = None
    environment: str | None = None
    state: State | None = None


@dataclass(frozen=True, slots=True)
class Connection:
    """One integration with the versions of both sides that its state is about."""

    consumer: str
    producer: str
    state: State
    because: str
    consumer_versions: tuple[str, ...] = ()
    producer_versions: tuple[str, ...] = ()

    @property
    def sides(self) -> frozenset[str]:
        """Both participants; one when it needs itself."""
        return frozenset((self.consumer, self.producer))


@dataclass(frozen=True, slots=True)
class Network:
    """What passes the filters, worst first; `counts` are over all states, `names` over all.

    `focus` is in its stored spelling.
    """

    focus: str | None
    connections: tuple[Connection, ...]
    counts: tuple[tuple[State, int], ...]
    names: tuple[str, ...]
    environments: tuple[Environment, ...]


def connection_from_row(row: OverviewRow) -> Connection:
    """The integration at its newest versions."""
    newest, producer_version = row.facts.newest, row.facts.producer_version
    return Connection(
        consumer=row.consumer,
        producer=row.producer,
        state=row.state,
        because=row.because,
        consumer_versions=(newest.version,),
        producer_versions=() if producer_version is None else (producer_version,),
    )


def connections_from_pairs(
    rows: Iterable[MatrixRow], environment: str, standing: Mapping[str, tuple[str, ...]]
) -> tuple[Connection, ...]:
    """The integrations whose consumer stands in an environment, each as bad as its worst pair.

    `rows` are all pairs of versions there, `standing` the versions by participant.
    """
    pairs: dict[tuple[str, str], list[MatrixRow]] = defaultdict(list)
    for row in rows:
        pairs[row.consumer.participant, row.producer].append(row)
    return tuple(_connection(found, environment, standing) for _, found in sorted(pairs.items()))


def neighbourhood(
    connections: Sequence[Connection], focus: str, depth: int | None
) -> tuple[Connection, ...]:
    """Those among participants at most `depth` steps from `focus`; all it reaches for `None`."""
    partners: dict[str, set[str]] = defaultdict(set)
    for each in connections:
        for side in each.sides:
            partners[side] |= each.sides
    near, rim = {focus}, {focus}
    steps = len(connections) if depth is None else depth
    while rim and steps > 0:
        rim = {partner for name in rim for partner in partners[name]} - near
        near |= rim
        steps -= 1
    return tuple(each for each in connections if each.sides <= near)


def weight(connection: Connection) -> tuple[int, str, str]:
    """Sorts the worst first, equal ones by their names."""
    names = fold_name(connection.consumer), fold_name(connection.producer)
    return (WORST_FIRST.index(connection.state), *names)


def _connection(
    rows: Sequence[MatrixRow], environment: str, standing: Mapping[str, tuple[str, ...]]
) -> Connection:
    states = {state_of_rows((row,)): row for row in reversed(rows)}
    worst = next(state for state in WORST_FIRST if state in states)
    consumer, producer = rows[0].consumer.participant, rows[0].producer
    return Connection(
        consumer=consumer,
        producer=producer,
        state=worst,
        because=_because(states[worst], worst, environment),
        consumer_versions=standing.get(consumer, ()),
        producer_versions=standing.get(producer, ()),
    )


def _because(row: MatrixRow, state: State, environment: str) -> str:
    """What the first of the worst pairs of versions says."""
    consumer = f"{row.consumer.participant}@{row.consumer.number}"
    if row.outcome is RowOutcome.MISSING:
        return f"No version of {row.producer} stands in {environment}."
    if row.digest is None:
        return f"{consumer} has published no contract for {row.producer}."
    producer = f"{row.producer}@{row.producer_version}"
    sentences = {
        State.FAILED: f"{producer} failed what {consumer} needs.",
        State.STALE: f"{producer} verified an earlier content, not what {consumer} needs.",
        State.VERIFIED: f"{producer} keeps to what {consumer} needs.",
    }
    return sentences.get(state, f"{producer} never verified what {consumer} needs.")
