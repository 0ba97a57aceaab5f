import hashlib
import os
import signal
import subprocess
import sys

import publishing_process
from sqlalchemy import select, text

from broker.storage import tables as t
from broker.storage.unit_of_work import open_store
from client_sdk.contract.document import parse_untrusted
from client_sdk.contract.reading import parse_contract

PUBLISHER = publishing_process.__file__
KILLS = int(os.environ.get("TALLY_TEST_KILLS", "5"))


def test_nothing_acknowledged_is_lost_when_the_process_is_killed(database_url):
    acknowledged = set()
    for life in range(KILLS):
        acknowledged |= publish_until_killed(database_url, f"life-{life}", after=2 + 3 * life)

    with open_store(database_url) as store:
        stored = publications(store)
        assert acknowledged <= stored.keys()
        for received, digest, document in stored.values():
            assert parse_contract(received).digest == digest
            assert f"sha256:{hashlib.sha256(document).hexdigest()}" == digest
            assert parse_untrusted(document)["producer"] == "pricing"
        assert as_of(store) == len(stored)
        assert integrity(store) == "ok"


def publish_until_killed(url, name, *, after):
    command = [sys.executable, PUBLISHER, "stream", url, name]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    told = [process.stdout.readline() for _ in range(after)]
    process.send_signal(signal.SIGKILL)
    told += process.stdout.readlines()
    process.wait()
    process.stdout.close()
    return {(name, line.strip()) for line in told if line.endswith("\n")}


def publications(store):
    statement = (
        select(
            t.participants.c.name,
            t.versions.c.number,
            t.publications.c.received,
            t.contents.c.digest,
            t.contents.c.document,
        )
        .join_from(t.publications, t.versions, t.publications.c.version_id == t.versions.c.id)
        .join(t.participants, t.versions.c.participant_id == t.participants.c.id)
        .join(t.contents, t.publications.c.content_id == t.contents.c.id)
    )
    with store.reading() as work:
        rows = work.changes._transaction.rows(statement)
    return {(row.name, row.number): (row.received, row.digest, row.document) for row in rows}


def as_of(store):
    with store.reading() as work:
        return work.changes.as_of()


def integrity(store):
    if store._engine.dialect.name != "sqlite":
        return "ok"
    with store.reading() as work:
        (row,) = work.changes._transaction.rows(text("PRAGMA integrity_check"))
    return row[0]
