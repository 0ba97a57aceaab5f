import threading
from datetime import UTC, datetime

import pytest
from sqlalchemy import text

from broker.domain.change import Change, ChangeKind
from broker.domain.errors import StoreBusy, StoreUnavailable, WriteContended
from broker.domain.paging import Page
from broker.domain.participant import VersionRef
from broker.storage.failures import StorageFault
from broker.storage.unit_of_work import open_store

AT = datetime(2026, 1, 1, tzinfo=UTC)
NOTED = Change(ChangeKind.VERSION_RECORDED, AT, "shop", "1")


def names(store):
    with store.reading() as work:
        return [participant.name for participant in work.participants.page(Page()).items]


def test_what_is_written_is_there_when_the_block_has_ended(store):
    with store.writing() as work:
        work.participants.ensure(("shop",), AT)

    assert names(store) == ["shop"]


def test_nothing_is_kept_of_a_block_that_raises(store):
    def fail():
        with store.writing() as work:
            work.participants.ensure(("shop",), AT)
            work.changes.append(NOTED)
            raise KeyError

    with pytest.raises(KeyError):
        fail()

    assert names(store) == []
    with store.reading() as work:
        assert work.changes.as_of() == 0


def test_a_reader_sees_one_moment(store):
    with store.reading() as work:
        before = work.changes.as_of()
        with store.writing() as other:
            other.participants.ensure(("shop",), AT)
            other.changes.append(NOTED)

        assert work.changes.as_of() == before
        assert work.participants.page(Page()).items == ()


def test_only_a_transaction_that_noted_something_is_numbered(store):
    with store.writing() as work:
        work.participants.ensure(("shop",), AT)
    with store.writing() as work:
        work.changes.append(NOTED, NOTED)
    with store.writing() as work:
        work.changes.append(NOTED)

    with store.reading() as work:
        assert work.changes.as_of() == 2
        assert [change.as_of for change in work.changes.page(Page()).items] == [2, 1, 1]


def test_numbers_are_seen_in_the_order_of_commits(store):
    stop = threading.Event()
    seen = []

    def watch():
        while not stop.is_set():
            with store.reading() as work:
                seen.append([change.as_of for change in work.changes.page(Page(limit=500)).items])

    def write():
        for _ in range(15):
            with store.writing() as work:
                work.changes.append(NOTED)

    watcher = threading.Thread(target=watch)
    writers = [threading.Thread(target=write) for _ in range(4)]
    watcher.start()
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    stop.set()
    watcher.join()

    assert all(numbers == [*range(len(numbers), 0, -1)] for numbers in seen)
    with store.reading() as work:
        assert work.changes.as_of() == 60


def test_who_holds_the_counter_commits_before_everybody_else(store):
    writing = threading.Event()

    def write():
        writing.set()
        with store.writing() as work:
            work.changes.append(NOTED)

    other = threading.Thread(target=write)
    with store.writing() as work:
        held = work.changes.hold()
        other.start()
        writing.wait()
        assert work.changes.as_of() == held
        work.changes.append(NOTED)
    other.join()

    with store.reading() as work:
        assert work.changes.as_of() == held + 2


def test_a_writer_that_waits_too_long_for_sqlite_is_turned_away(sqlite_url):
    store = open_store(sqlite_url, queue_seconds=0)

    with store, store.writing(), pytest.raises(StoreBusy), store.writing():
        pass


def test_a_database_that_is_away_is_unavailable(tmp_path):
    store = open_store(f"sqlite:///{tmp_path}/nowhere/a.db")

    with store, pytest.raises(StoreUnavailable), store.reading() as work:
        work.changes.as_of()


def test_a_file_that_is_no_database_is_unavailable(tmp_path):
    (tmp_path / "a.db").write_bytes(b"no database at all, but long enough to be read" * 100)
    with open_store(f"sqlite:///{tmp_path}/a.db") as store, pytest.raises(StoreUnavailable):
        store.ping()


@pytest.mark.postgres
def test_a_server_that_is_away_is_unavailable(tmp_path):
    store = open_store(f"postgresql://postgres@/name?host={tmp_path}")

    with store, pytest.raises(StoreUnavailable):
        store.ping()


def test_a_database_that_answers_is_there(store):
    store.ping()


@pytest.mark.postgres
def test_a_connection_that_was_cut_is_replaced(postgres_url):
    with open_store(postgres_url) as store, open_store(postgres_url) as other:
        store.ping()
        cut = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid()"
        with other._engine.connect() as connection:
            connection.execute(text(f"{cut} AND datname = current_database()"))

        store.ping()


@pytest.mark.postgres
def test_a_statement_that_takes_too_long_is_ended(postgres_url):
    slow = f"{postgres_url}&options=-c%20statement_timeout%3D20ms"
    with open_store(slow) as store, pytest.raises(StoreBusy), store.reading() as work:
        work.changes._transaction.rows(text("SELECT pg_sleep(5)"))


@pytest.mark.postgres
def test_a_row_that_stays_locked_is_not_waited_for_long(postgres_url):
    impatient = f"{postgres_url}&options=-c%20lock_timeout%3D20ms"
    with open_store(postgres_url) as store, open_store(impatient) as other, store.writing() as work:
        work.changes.hold()
        with pytest.raises(StoreBusy), other.writing() as late:
            late.changes.append(NOTED)


@pytest.mark.postgres
def test_reading_cannot_write_on_postgresql(postgres_url):
    store = open_store(postgres_url)

    with store, pytest.raises(StorageFault), store.reading() as work:
        work.participants.ensure(("shop",), AT)


@pytest.mark.postgres
def test_of_two_that_block_each_other_one_is_told_to_come_back(postgres_url):
    impatient = f"{postgres_url}&options=-c%20deadlock_timeout%3D20ms"
    refused = []
    both = threading.Barrier(2)

    def write(store, first, second):
        try:
            with store.writing() as work:
                work.participants.ensure((first,), AT)
                both.wait()
                work.participants.ensure((second,), AT)
        except WriteContended as refusal:
            refused.append(refusal)

    with open_store(impatient) as store:
        threads = [
            threading.Thread(target=write, args=(store, "a", "b")),
            threading.Thread(target=write, args=(store, "b", "a")),
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

        assert len(refused) == 1
        assert names(store) == ["a", "b"]


def test_a_statement_that_fails_unforeseen_is_a_fault_without_driver_text(store):
    with pytest.raises(StorageFault) as caught, store.reading() as work:
        work.changes._transaction.rows(text("SELECT nothing FROM nowhere"))

    assert str(caught.value) == "the database refused a statement"


def test_a_row_for_something_unknown_is_a_bug_or_was_deleted_by_another(store):
    with pytest.raises((LookupError, WriteContended)), store.writing() as work:
        work.versions.ensure(VersionRef("nobody", "1"), AT, None)
