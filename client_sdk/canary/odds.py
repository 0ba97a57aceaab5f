"""Whose event was it? Evidence that may be looked at after every call, and stays valid.

While the arms are equal, an event (an error, a slow answer) says nothing about the arm it came
from: it is the canary's with the probability that its caller was sent there. Each event is a bet
against that; the product of the pay-outs is a test martingale, so by Ville's inequality it reaches
`1/alpha` with probability `alpha` at most, however often and whenever somebody looks.

Nothing is assumed about how events come: not their rate, which is unknown, nor that it stays the
same, nor that calls of one caller are independent. Only the places of callers are random.
"""

from __future__ import annotations

from collections import OrderedDict
from math import exp, log
from typing import Final

from client_sdk.canary.saved import members, reals, whole
from client_sdk.contract.values import JsonObject

# How many times worse a canary may be, and how much of the stake bets on each.
BETS: Final = ((1.5, 0.05), (2.0, 0.10), (3.0, 0.20), (5.0, 0.35), (10.0, 0.20), (50.0, 0.10))
MOST_PLACES: Final = 100_000


class OddsTest:
    """Bets that the canary's odds of an event are more than `margin` times those of stable.

    A caller stands at a place between 0 and 1 and is sent to the canary while the place is below
    the weight. What its earlier events have shown of its place counts no second time: one caller
    whose every call fails cannot roll a canary back. Places from `below` on take no part.
    """

    def __init__(self, margin: float = 1.0, *, below: float = 1.0) -> None:
        self._margin = margin
        self._below = below
        self._wealth = [log(share) for _, share in BETS]
        self._known: OrderedDict[float, tuple[float, float]] = OrderedDict()
        self.events = 0

    @property
    def log_evidence(self) -> float:
        """The logarithm of what a stake of one has become."""
        most = max(self._wealth)
        return most + log(sum(exp(wealth - most) for wealth in self._wealth))

    def observe(self, place: float, weight: float, *, on_canary: bool, recurs: bool) -> None:
        """Take in one event of the caller at `place`, routed while `weight` (0 to 1) held.

        `recurs` says whether this caller may come back; of one that never does, nothing is kept.
        """
        if place >= self._below:
            return
        low, high = self._known.get(place, (0.0, self._below))
        chance = (min(max(weight, low), high) - low) / (high - low)
        if recurs:
            shown = (low, min(high, weight)) if on_canary else (max(low, weight), high)
            self._remember(place, shown)
        if 0 < chance < 1:
            self.events += 1
            self._bet(chance, on_canary=on_canary)

    def to_json(self) -> JsonObject:
        """Give everything that `restore` needs."""
        known: JsonObject = {repr(place): [*bounds] for place, bounds in self._known.items()}
        return {"wealth": [*self._wealth], "known": known, "events": self.events}

    def restore(self, saved: JsonObject) -> None:
        """Go on from what `to_json` gave."""
        self._wealth = reals(saved, "wealth", count=len(BETS))
        known = members(saved, "known")
        pairs = {float(place): reals(known, place, count=2) for place in known}
        self._known = OrderedDict((place, (low, high)) for place, (low, high) in pairs.items())
        self.events = whole(saved, "events")

    def _remember(self, place: float, bounds: tuple[float, float]) -> None:
        self._known[place] = bounds
        self._known.move_to_end(place)
        if len(self._known) > MOST_PLACES:
            self._known.popitem(last=False)

    def _bet(self, chance: float, *, on_canary: bool) -> None:
        fair = chance * self._margin + 1 - chance
        for number, (times, _) in enumerate(BETS):
            odds = times * self._margin
            paid = fair / (chance * odds + 1 - chance)
            self._wealth[number] += log(paid * times if on_canary else paid)
