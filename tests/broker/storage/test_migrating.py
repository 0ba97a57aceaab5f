import subprocess
import sys
import threading
from datetime import UTC, datetime
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from builders import World, a_tool
from sqlalchemy import inspect, text

from broker.domain.errors import StoreUnavailable
from broker.domain.evidence import EvidenceQuery
from broker.domain.paging import Page
from broker.domain.participant import VersionRef
from broker.domain.publication import ReportKey
from broker.storage import migrating
from broker.storage.columns import metadata
from broker.storage.engine import open_engine
from broker.storage.migrating import MigrationRefused, downgrade, standing, upgrade
from broker.storage.unit_of_work import open_store
from client_sdk.contract.evolve import Mode

BOUNDS = {"latency_ms": {'p99 of "all"': 0.5}, "max_bytes": 1000}
AT = datetime(2026, 1, 1, tzinfo=UTC)


@pytest.fixture
def connection(database_url):
    engine = open_engine(database_url)
    with engine.connect() as connection:
        yield connection
    engine.dispose()


def test_an_empty_database_is_brought_to_the_newest_revision(empty_database_url):
    assert standing(empty_database_url).current is None
    assert not standing(empty_database_url).is_current

    after = upgrade(empty_database_url)

    assert after.is_current
    assert standing(empty_database_url) == after


def test_upgrading_twice_changes_nothing(empty_database_url):
    assert upgrade(empty_database_url) == upgrade(empty_database_url)


def test_every_revision_can_be_taken_back(empty_database_url):
    upgrade(empty_database_url)

    after = downgrade(empty_database_url, "base")

    engine = open_engine(empty_database_url)
    assert after.current is None
    assert inspect(engine).get_table_names() == ["alembic_version"]
    engine.dispose()
    assert upgrade(empty_database_url).is_current


def test_data_survives_an_upgrade_that_has_nothing_to_do(database_url):
    with open_store(database_url) as store:
        World(store).publishes("shop@1", "pricing")

    upgrade(database_url)

    with open_store(database_url) as store, store.reading() as work:
        assert work.publications.get("shop", "pricing", "1") is not None


def test_a_database_with_data_can_be_emptied_and_used_again(database_url):
    with open_store(database_url) as store:
        World(store).publishes("shop@1", "pricing")

    downgrade(database_url, "base")
    upgrade(database_url)

    with open_store(database_url) as store, store.reading() as work:
        assert work.changes.as_of() == 0
        assert work.publications.get("shop", "pricing", "1") is None


def test_the_revisions_make_what_the_program_expects(connection):
    options = {"compare_type": True, "compare_server_default": True}

    drift = compare_metadata(MigrationContext.configure(connection, opts=options), metadata)

    assert drift == []


def test_the_revisions_make_every_check_and_foreign_key(connection):
    inspector = inspect(connection)
    made, expected = set(), set()
    for table in metadata.sorted_tables:
        found = [
            *inspector.get_check_constraints(table.name),
            *inspector.get_foreign_keys(table.name),
        ]
        made |= {constraint["name"] for constraint in found}
        expected |= {
            str(each.name) for each in table.constraints if each.name[:3] in {"ck_", "fk_"}
        }

    assert made == expected


def test_0002_reads_what_contracts_expect_and_keeps_it_when_taken_back_and_forth(database_url):
    """Up, down and up again with data: what only 0002 knows is lost, nothing else."""
    with open_store(database_url) as store:
        world = World(store)
        world.publishes("shop@1", "pricing", [a_tool(expectations=BOUNDS), a_tool("other")])
        world.publishes("desk@1", "pricing", [a_tool()])
        world.verifies("pricing@1", "desk@1")
        world.has_environment("guarded", requires=("chaos",))
        world.finds("shop@1")
        with store.reading() as work:
            before = work.contents.find(digests(work))

    assert downgrade(database_url, "0001").current == "0001"
    assert upgrade(database_url).is_current

    with open_store(database_url) as store, store.reading() as work:
        assert work.contents.find(digests(work)) == before
        assert [str(e.bound) for e in before[digests(work)[0]].expectations] == ["0.5", "1000"]
        assert work.environments.get("guarded").required_evidence == ()
        assert work.evidence.latest((VersionRef("shop", "1"),)) == ()
        assert work.evidence.page(Page(), EvidenceQuery()).items == ()
    with open_store(database_url) as store:
        World(store).finds("shop@1")
        with store.reading() as work:
            assert len(work.evidence.latest((VersionRef("shop", "1"),))) == 1


def test_0003_lets_reports_of_an_unknown_engine_be_computed_anew(database_url):
    with open_store(database_url) as store:
        world = World(store)
        world.publishes("shop@1", "pricing", [a_tool()])
        world.publishes("shop@2", "pricing", [a_tool(), a_tool("other")])
        with store.reading() as work:
            key = ReportKey(
                *(work.publications.get("shop", "pricing", v).publication.digest for v in "12"),
                Mode.GUIDE,
            )
            before = work.reports.find({key})
    assert before.keys() == {key}

    assert downgrade(database_url, "0002").current == "0002"
    assert upgrade(database_url).is_current

    with open_store(database_url) as store:
        with store.reading() as work:
            assert work.reports.find({key}) == {}
        with store.writing() as work:
            work.reports.add(before)
        with store.reading() as work:
            assert work.reports.find({key}) == before


def digests(work):
    found = (work.publications.get(name, "pricing", "1") for name in ("shop", "desk"))
    return [each.publication.digest for each in found]


def test_threads_that_start_together_all_succeed(empty_database_url):
    both = threading.Barrier(4)
    found = []

    def start():
        both.wait()
        found.append(upgrade(empty_database_url))

    threads = [threading.Thread(target=start) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert [each.is_current for each in found] == [True] * 4


def test_processes_that_start_together_all_succeed(empty_database_url):
    program = "import sys; from broker.storage.migrating import upgrade; upgrade(sys.argv[1])"
    command = [sys.executable, "-c", program, empty_database_url]

    processes = [subprocess.Popen(command) for _ in range(2)]

    assert [process.wait() for process in processes] == [0, 0]
    assert standing(empty_database_url).is_current


def test_a_database_of_a_newer_program_is_left_alone(database_url):
    engine = open_engine(database_url)
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    engine.dispose()

    found = standing(database_url)

    assert (found.current, found.known, found.is_current) == ("9999", False, False)
    with pytest.raises(MigrationRefused, match="a newer one has used it"):
        upgrade(database_url)


def test_a_revision_that_is_not_there_is_refused(database_url):
    with pytest.raises(MigrationRefused, match="7777"):
        downgrade(database_url, "7777")


def test_a_database_that_cannot_be_reached_is_unavailable(tmp_path):
    with pytest.raises(StoreUnavailable):
        upgrade(f"sqlite:///{tmp_path}/nowhere/a.db")


def test_a_revision_that_loses_rows_is_rolled_back(database_url, careless):
    with open_store(database_url) as store:
        World(store).publishes("shop@1", "pricing")
    careless("op.execute('DELETE FROM changes')")

    with pytest.raises(MigrationRefused, match="rows were lost in changes"):
        upgrade(database_url)

    assert standing(database_url).current == "0003"
    with open_store(database_url) as store, store.reading() as work:
        assert work.changes.as_of() == 1


def test_a_rebuilt_table_keeps_what_refers_to_it_on_sqlite(sqlite_url, careless):
    with open_store(sqlite_url) as store:
        World(store).publishes("shop@1", "pricing")
    careless(
        "with op.batch_alter_table('participants', recreate='always') as table:\n"
        "        table.add_column(sa.Column('colour', sa.Text()))"
    )

    upgrade(sqlite_url)

    with open_store(sqlite_url) as store, store.reading() as work:
        assert work.publications.get("shop", "pricing", "1") is not None


def test_a_reference_that_would_point_nowhere_is_refused_on_sqlite(sqlite_url, careless):
    with open_store(sqlite_url) as store:
        World(store).publishes("shop@1", "pricing")
    careless("op.execute('UPDATE versions SET participant_id = 999')")

    with pytest.raises(MigrationRefused, match="a reference of versions would point nowhere"):
        upgrade(sqlite_url)


def test_the_revisions_of_a_wheel_are_found_inside_the_package(tmp_path, monkeypatch):
    module = tmp_path / "broker" / "storage" / "migrating.py"
    shipped = tmp_path / "broker" / "_migrations"
    shipped.mkdir(parents=True)
    monkeypatch.setattr(migrating, "__file__", str(module))

    assert migrating.scripts() == shipped


@pytest.fixture
def careless(tmp_path, monkeypatch):
    """Put one more revision after the newest."""

    def write(statement):
        folder = tmp_path / "migrations"
        real = migrating.scripts()
        (folder / "versions").mkdir(parents=True)
        (folder / "env.py").write_text((real / "env.py").read_text())
        for revision in (real / "versions").glob("*.py"):
            (folder / "versions" / revision.name).write_text(revision.read_text())
        (folder / "versions" / "9999_careless.py").write_text(
            "import sqlalchemy as sa\n"
            "from alembic import op\n"
            "revision, down_revision = 'careless', '0003'\n"
            "def upgrade():\n"
            f"    {statement}\n"
            "def downgrade():\n"
            "    pass\n"
        )
        monkeypatch.setattr(migrating, "scripts", lambda: Path(folder))

    return write
