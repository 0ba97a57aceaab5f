"""How long a key is taken."""

from datetime import UTC, datetime, timedelta

import pytest

from broker.domain.idempotency import GivenAnswer, KeyedRequest

CLAIMED = datetime(2030, 1, 1, 12, tzinfo=UTC)
ANSWERED = GivenAnswer(201, "application/json", b"{}")


@pytest.mark.parametrize(
    ("answer", "age", "taken"),
    [
        (None, timedelta(seconds=119), True),
        (None, timedelta(minutes=2), False),
        (ANSWERED, timedelta(minutes=2), True),
        (ANSWERED, timedelta(hours=23, minutes=59), True),
        (ANSWERED, timedelta(hours=24), False),
    ],
)
def test_a_key_is_kept_for_a_day_once_answered_and_for_two_minutes_before(answer, age, taken):
    request = KeyedRequest("key", "sha256:0", CLAIMED, answer)

    assert request.holds_at(CLAIMED + age) is taken
