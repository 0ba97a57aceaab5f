import threading

import pytest

from broker.domain.errors import StoreBusy
from broker.storage.writer_queue import WriterQueue


def test_writers_come_in_the_order_they_asked():
    queue = WriterQueue(patience=30)
    served = []

    def write(name):
        with queue.turn():
            served.append(name)

    threads = []
    with queue.turn():
        for name in range(8):
            thread = threading.Thread(target=write, args=(name,))
            thread.start()
            threads.append(thread)
            while len(queue._waiting) <= name:
                threading.Event().wait(0.001)
    for thread in threads:
        thread.join()

    assert served == [0, 1, 2, 3, 4, 5, 6, 7]


def test_who_waits_too_long_is_turned_away():
    queue = WriterQueue(patience=0)

    with queue.turn(), pytest.raises(StoreBusy), queue.turn():
        pass


def test_a_writer_that_was_turned_away_leaves_the_queue_working():
    queue = WriterQueue(patience=0)
    with queue.turn(), pytest.raises(StoreBusy), queue.turn():
        pass

    with queue.turn():
        served = True

    assert served


def test_the_turn_passes_on_when_a_writer_fails():
    queue = WriterQueue(patience=0)
    with pytest.raises(KeyError), queue.turn():
        raise KeyError

    with queue.turn():
        served = True

    assert served
