"""Doing a named request once: claim its key, answer, and give the same answer again."""

from broker.domain.errors import IdempotencyKeyBusy, IdempotencyKeyReused
from broker.domain.idempotency import KEPT, GivenAnswer, KeyedRequest
from broker.services.ports import Clock, Store


def claim_key(store: Store, key: str, fingerprint: str, *, clock: Clock) -> GivenAnswer | None:
    """Take the key for a request; `None` means go ahead, an answer means give it again.

    Raises IdempotencyKeyReused when another request has the key, and IdempotencyKeyBusy while
    the same one is being worked on.
    """
    now = clock.now()
    with store.writing() as work:
        work.keyed_requests.delete_older(now - KEPT)
        earlier = work.keyed_requests.get(key)
        if earlier is not None and not earlier.holds_at(now):
            work.keyed_requests.delete(key)
            earlier = None
        if earlier is None and work.keyed_requests.add(KeyedRequest(key, fingerprint, now)):
            return None
        earlier = earlier or work.keyed_requests.get(key)
    if earlier is None or earlier.fingerprint != fingerprint:
        raise IdempotencyKeyReused(key)
    if earlier.answer is None:
        raise IdempotencyKeyBusy(key)
    return earlier.answer


def keep_answer(store: Store, key: str, answer: GivenAnswer) -> None:
    """Remember what was answered to the request under the key."""
    with store.writing() as work:
        work.keyed_requests.answer(key, answer)


def release_key(store: Store, key: str) -> None:
    """Let the key go: the request under it came to nothing and may be tried again."""
    with store.writing() as work:
        work.keyed_requests.delete(key)
