import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import publishing_process
import pytest
from builders import World, contract_bytes, passed
from publishing_process import publish_one
from sqlalchemy import func, select, text

from broker.domain.change import Change, ChangeKind
from broker.domain.errors import WriteContended
from broker.domain.evidence import Verdict
from broker.domain.participant import VersionRef
from broker.domain.publication import OnConflict
from broker.domain.verification import NewVerification
from broker.services.evidence import EvidenceRequest, publish_evidence
from broker.services.participants import delete_participant
from broker.storage import tables as t
from broker.storage.unit_of_work import open_store

PUBLISHER = publishing_process.__file__


def test_sixteen_writers_at_once_all_succeed(database_url):
    failures = []

    def run(store, thread):
        try:
            for number in range(3):
                assert publish_one(store, f"shop-{thread}", str(number), str(number))
        except Exception as failure:  # noqa: BLE001 - whatever it is, the test tells
            failures.append(failure)

    with open_store(database_url) as store:
        threads = [threading.Thread(target=run, args=(store, number)) for number in range(16)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

        assert failures == []
        assert count(store, t.publications) == 48


def test_of_all_who_publish_the_same_version_exactly_one_wins(database_url):
    command = [sys.executable, PUBLISHER, "race", database_url]
    processes = [
        subprocess.Popen([*command, name, "4", "8"], stdout=subprocess.PIPE, text=True)
        for name in ("one", "two")
    ]

    told = [process.communicate()[0].split("\n") for process in processes]

    assert [process.returncode for process in processes] == [0, 0]
    winners = sorted(line.split()[0] for lines in told for line in lines if line)
    assert winners == ["0", "1", "2", "3"]
    with open_store(database_url) as store:
        assert count(store, t.publications) == 4
        assert count(store, t.versions) == 4


def count(store, table):
    with store.reading() as work:
        (row,) = work.changes._transaction.rows(select(func.count()).select_from(table))
    return row[0]


def test_of_all_who_publish_the_same_evidence_exactly_one_is_told_that_it_is_new(database_url):
    with open_store(database_url) as store:
        world = World(store)
        world.publishes("shop@1", "pricing")
        together, told = threading.Barrier(8), []

        def publish():
            request = EvidenceRequest("chaos", Verdict.PASS, "shop", "2", {"n": 1})
            together.wait()
            told.append(publish_evidence(store, request, clock=world.clock))

        threads = [threading.Thread(target=publish) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

        assert sorted(each.created for each in told) == [False] * 7 + [True]
        assert len({each.evidence.about.id for each in told}) == 1
        assert count(store, t.evidence) == 1
        assert count(store, t.latest_evidence) == 1


def test_a_result_for_a_pair_that_is_deleted_meanwhile_is_tried_again(postgres_url):
    """On PostgreSQL each statement sees what was deleted since the one before: no internal error."""
    with open_store(postgres_url) as store:
        world = World(store)
        digest = world.publishes("shop@1", "pricing").publication.digest
        new = NewVerification("shop", "pricing", "1", digest, (passed(),), world.clock.now())

        def record():
            with store.writing() as work:
                assert len(work.participants.find(("shop", "pricing"))) == 2
                delete_participant(store, "shop", clock=world.clock)
                work.verifications.add(new)

        with pytest.raises(WriteContended):
            record()


def deletes(world):
    delete_participant(world.store, "shop", clock=world.clock)


def merges(world):
    more = contract_bytes("shop", "pricing", ["other"])
    world.publishes_all("shop@1", more, branch="main", on_conflict=OnConflict.MERGE)


def deploys_what_is_new(world):
    world.deploys("shop@2")


@pytest.mark.parametrize("act", [deletes, merges, deploys_what_is_new])
def test_who_excludes_writers_waits_for_them_and_neither_is_stopped(postgres_url, act):
    """In the order in which they took their locks before, one of the two was a deadlock's victim."""
    with open_store(postgres_url) as store, ThreadPoolExecutor(1) as pool:
        world = World(store)
        world.has_environment()
        world.publishes("shop@0", "pricing", branch="main")
        world.publishes("shop@1", "pricing")
        with store.writing() as work:
            ref, at = VersionRef("shop", "2"), world.clock.now()
            work.versions.ensure(ref, at, None)
            work.versions.join_branch(ref, "main", at)
            acting = pool.submit(act, world)
            until_somebody_waits(store)
            work.changes.append(Change(ChangeKind.VERSION_RECORDED, at, "shop", "2"))
        acting.result()


def test_deployments_that_begin_and_end_at_once_all_succeed(database_url):
    """What ends a deployment and what replaces it take their locks in one order."""
    with open_store(database_url) as store:
        world = World(store)
        world.has_environment()
        world.publishes("shop@0", "pricing")

        def act(index):
            own = World(store)
            for number in range(6):
                deployed = own.deploys(f"shop@{index}.{number}")
                own.undeploys(deployed)
                own.ends_support(own.releases("shop@0"))

        with ThreadPoolExecutor(4) as pool:
            for done in [pool.submit(act, index) for index in range(4)]:
                done.result()

        with store.reading() as work:
            assert work.deployments.current("production", "shop") == ()


@pytest.mark.parametrize("act", [deletes, merges, deploys_what_is_new])
def test_a_writer_that_does_not_end_holds_nobody_up_for_long(postgres_url, act):
    with open_store(postgres_url) as store, store.writing() as stuck:
        world = World(store)
        world.has_environment()
        world.publishes("shop@1", "pricing", branch="main")
        stuck.participants.ensure(("other",), world.clock.now())
        stuck.versions.ensure(VersionRef("other", "1"), world.clock.now(), None)

        act(world)

        assert world.publishes("till@1", "pricing").created


def until_somebody_waits(store):
    waiting, deadline = text("SELECT 1 FROM pg_locks WHERE NOT granted"), time.monotonic() + 10
    while time.monotonic() < deadline:
        with store.reading() as work:
            if work.changes._transaction.rows(waiting):
                return
    raise AssertionError("nobody waits")


def test_deletions_and_writes_at_once_all_succeed(database_url):
    with open_store(database_url) as store:
        worlds = [World(store) for _ in range(4)]
        worlds[0].publishes("shop@0", "pricing")

        def write(number):
            for each in range(5):
                made = f"shop@{number}.{each}"
                worlds[number].publishes(made, "pricing", branch="main")
                worlds[number].verifies("pricing@1", made)

        def delete(number):
            for each in range(3):
                worlds[number].publishes(f"gone-{number}@{each}", "pricing", branch="main")
                delete_participant(store, f"gone-{number}", clock=worlds[number].clock)

        with ThreadPoolExecutor(4) as pool:
            done = [
                pool.submit(action, index)
                for index, action in enumerate([write, write, delete, delete])
            ]
        for each in done:
            each.result()

        assert count(store, t.publications) == 11
