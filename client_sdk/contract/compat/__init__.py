"""Containment: is every JSON value that fits one schema a value that fits another?

`is_contained(a, b)` asks it of two JSON Schemas, `shape_contained(a, b)` of two shapes. The answer
is `Proved` (there is a derivation), `Refuted` (here is a value, and the validator agrees), or
`Undecided` (with a reason and a path). Nothing is guessed, nothing hangs, and only what is no
schema is refused. `satisfiable` and `sample` ask the same machinery for values of one schema.

ARCHITECTURE
============

One question, "is there a value that fits A and not B?", one engine that either finds the value
or shows that there is none, and a judge that believes nobody.

1. ``descent`` takes away from B what plainly follows from A, keyword by keyword
   (``tightening``); an ordinary new version leaves nothing, or only what changed.
2. ``reading`` reads each resource in its own dialect, one function per keyword, into terms. A
   keyword is modelled, is an annotation, or becomes an opaque term that only its equal cancels;
   none is dropped. Recursive definitions become named variables. ``grants`` lists what each
   branch evaluates, ``evaluated`` turns `unevaluated*` into ordinary alternatives by it.
3. ``terms`` holds the intermediate form: immutable, hash-consed, closed under complement
   (``complements``), simplified while it is built (``joining``), evaluated on values
   (``evaluating``). Finite sets are filtered here, so a finite left side needs no search.
4. ``solving`` answers questions about terms. ``solver`` runs searches on a stack of its own,
   remembers their answers and closes recursion by coinduction; ``searching`` splits a term by
   kind of value and explores alternatives as a tableau; one state per kind (``numbers``,
   ``strings``, ``arrays``, ``objects``) keeps a conjunction of literals in a form that shows
   clashes, and finally builds values. What a state cannot model it leaves out: then "nothing
   fits" is still a proof, and a value is still only a candidate.
5. ``judging`` puts every candidate to the validator under both sides.
6. ``deciding`` reads, asks, judges, and says why when it cannot say more; ``instances`` asks
   the same machinery for values of one shape. ``schemas`` is the door for bare schemas: their
   dialects, and the gate.

A ``meter`` counts steps, so that the same question has the same verdict on every machine; the
wall clock is only a backstop.
"""

from client_sdk.contract.compat.deciding import shape_contained
from client_sdk.contract.compat.instances import (
    Empty,
    Inhabited,
    shape_models,
    shape_samples,
    shape_satisfiable,
)
from client_sdk.contract.compat.meter import Reason
from client_sdk.contract.compat.schemas import is_contained, sample, satisfiable
from client_sdk.contract.compat.verdicts import (
    ENGINE_VERSION,
    Budget,
    Proved,
    Refuted,
    Undecided,
    Verdict,
)

__all__ = [
    "ENGINE_VERSION",
    "Budget",
    "Empty",
    "Inhabited",
    "Proved",
    "Reason",
    "Refuted",
    "Undecided",
    "Verdict",
    "is_contained",
    "sample",
    "satisfiable",
    "shape_contained",
    "shape_models",
    "shape_samples",
    "shape_satisfiable",
]
