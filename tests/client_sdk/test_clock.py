import pytest

from client_sdk.clock import SystemClock, VirtualClock, timestamp_of


def test_a_virtual_sleep_advances_the_clock_and_returns_at_once():
    clock = VirtualClock(start=1_000.0)

    clock.sleep(30)
    clock.advance(0.5)

    assert (clock.time(), clock.monotonic()) == (1_030.5, 30.5)


def test_virtual_time_does_not_run_backwards():
    for seconds in (-1, float("nan")):
        with pytest.raises(ValueError, match="backwards"):
            VirtualClock().advance(seconds)


def test_the_system_clock_moves_on():
    clock = SystemClock()
    before = clock.monotonic()

    clock.sleep(0)

    assert clock.monotonic() >= before
    assert clock.time() > 1_700_000_000


def test_a_timestamp_is_utc_to_the_second():
    assert timestamp_of(VirtualClock(start=1_700_000_000.9)) == "2023-11-14T22:13:20Z"
