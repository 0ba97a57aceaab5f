"""The command line in this process, talking to a broker in memory behind a real socket."""

import json
import threading
from dataclasses import dataclass

import pytest
import structlog
from abuse_cases import sound_contract
from fakes import FakeStore
from werkzeug.serving import make_server

from broker.app import create_app
from broker.observability import configure_logging
from broker.settings import Settings
from client_sdk.cli.exits import run
from client_sdk.cli.root import tally as root


@dataclass(frozen=True)
class Said:
    """What one command said."""

    code: int
    out: str
    err: str

    @property
    def json(self):
        return json.loads(self.out)


@pytest.fixture
def tally(capsys, monkeypatch, tmp_path):
    """Run one command as a shell would, without what this machine's environment would answer."""
    for name in ("TALLY_BROKER_URL", "TALLY_TOKEN", "PACT_BROKER_BASE_URL", "PACT_BROKER_TOKEN"):
        monkeypatch.delenv(name, raising=False)
    for name in ("GITHUB_SHA", "GITHUB_REF_NAME", "GITHUB_HEAD_REF", "CI_COMMIT_SHA", "CI_JOB_URL"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("NETRC", str(tmp_path / "no-netrc"))
    monkeypatch.chdir(tmp_path)

    def call(*arguments):
        capsys.readouterr()
        line = [str(argument) for argument in arguments]
        code = run(lambda: root.main(line, standalone_mode=False, prog_name="tally"))
        said = capsys.readouterr()
        return Said(int(code), said.out, said.err)

    return call


@pytest.fixture
def contract(tmp_path):
    """A contract file without a fault."""
    file = tmp_path / "one.contract.json"
    file.write_text(json.dumps(sound_contract()))
    return file


@pytest.fixture
def broker_url():
    app = create_app(Settings(), store=FakeStore())
    configure_logging(level="error", as_json=True)
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()
    structlog.reset_defaults()


@pytest.fixture
def team(tally, broker_url, monkeypatch):
    """The same, with the broker's address in the environment."""
    monkeypatch.setenv("TALLY_BROKER_URL", broker_url)
    return tally
