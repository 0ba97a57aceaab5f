"""can-i-deploy as its page tells it, over plain dictionaries: slow, short, and nobody's code."""

from collections import defaultdict
from dataclasses import dataclass, field

MAIN, AMONG = "main", "each other"


@dataclass
class Model:
    """What was told to a broker; versions are pairs of participant and number."""

    versions: set = field(default_factory=set)
    published: dict = field(default_factory=lambda: defaultdict(dict))  # version: producer: digest
    ever: set = field(default_factory=set)  # consumer and producer; deleting takes none back
    use_nothing: set = field(default_factory=set)
    results: dict = field(default_factory=dict)  # digest and producer version: outcome
    joins: list = field(default_factory=list)  # version and branch, in order
    running: dict = field(default_factory=dict)  # environment, participant, instance: number
    supported: set = field(default_factory=set)  # environment and version

    def publish(self, version, producer, digest):
        self.versions.add(version)
        self.published[version][producer] = digest
        self.ever.add((version[0], producer))

    def join(self, version, branch):
        if branch is not None and (version, branch) not in self.joins:
            self.joins.append((version, branch))

    def delete(self, version):
        self.versions.discard(version)
        self.use_nothing.discard(version)
        self.published.pop(version, None)
        self.results = {key: each for key, each in self.results.items() if key[1] != version}
        self.joins = [(each, branch) for each, branch in self.joins if each != version]

    def is_placed(self, version):
        running = {(place[1], number) for place, number in self.running.items()}
        return version in running or version in {each for _, each in self.supported}

    def decide(self, named, destination, ignored):
        """The answer, and the rows as (consumer version, producer, its number, outcome)."""
        if not set(named) <= self.versions:
            return "no", set()
        rows = set(self._rows(set(named), destination))
        counted = {row[3] for row in rows if not ignored & {row[0][0], row[1]}}
        answer = "yes" if counted <= {"verified"} else "unknown"
        return ("no" if "failed" in counted else answer), rows

    def _rows(self, named, destination):
        for version in named:
            yield from self._needs(version, named, destination)
        for version in self._there(named, destination):
            for row in self._needs(version, named, destination):
                if row[1] in {participant for participant, _ in named}:
                    yield row

    def _needs(self, consumer, named, destination):
        there = named | self._there(named, destination)
        for producer in self._producers(consumer):
            numbers = {number for participant, number in there if participant == producer}
            digest = self.published.get(consumer, {}).get(producer)
            for number in numbers:
                yield consumer, producer, number, self._outcome(digest, (producer, number))
            if not numbers and destination != AMONG:
                yield consumer, producer, None, "missing" if digest else "unknown"

    def _producers(self, consumer):
        if consumer in self.published or consumer in self.use_nothing:
            return set(self.published.get(consumer, ()))
        return {producer for each, producer in self.ever if each == consumer[0]}

    def _outcome(self, digest, producer):
        told = self.results.get((digest, producer))
        return {"passed": "verified", "failed": "failed"}.get(told, "unknown")

    def _there(self, named, destination):
        replaced = {participant for participant, _ in named}
        found = {
            (participant, number)
            for (environment, participant, _), number in self.running.items()
            if environment == destination
        }
        found |= {version for place, version in self.supported if place == destination}
        if destination == MAIN:
            heads = {version[0]: version for version, branch in self.joins if branch == MAIN}
            found = set(heads.values())
        return {version for version in found if version[0] not in replaced}
