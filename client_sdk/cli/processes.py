"""Servers of our own, started as processes and stopped by their own id."""

import contextlib
import signal
import socket
import subprocess
import threading
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from client_sdk.errors import Unreachable

_PATIENCE = 60.0
_NEAR = 50


@dataclass(frozen=True, slots=True)
class Server:
    """A running process and the address it announced."""

    url: str
    process: subprocess.Popen[str]
    drain: threading.Thread  # reads on, or a full pipe would stop the process

    def wait(self) -> int:
        """Wait until it ends by itself."""
        return self.process.wait()

    def stop(self, how: signal.Signals = signal.SIGTERM) -> None:
        """Ask it to end, wait, and insist after ten seconds."""
        if self.process.poll() is None:
            self.process.send_signal(how)
        try:
            self.process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.drain.join(timeout=10)
        if self.process.stdout is not None:
            self.process.stdout.close()


def free_port(wanted: int) -> int:
    """`wanted`, or the next port that nobody listens on; 0 when there is none near, or was asked.

    Somebody may take it in the next moment: who starts a server there must still expect that.
    """
    for port in range(wanted, min(wanted + _NEAR, 65_536)) if wanted else ():
        with contextlib.suppress(OSError), socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(("127.0.0.1", port))
            probe.listen()
            return port
    return 0


@contextlib.contextmanager
def server(
    command: Sequence[str],
    announcement: str,
    environ: Mapping[str, str] | None = None,
    *,
    otherwise: Sequence[str] | None = None,
) -> Iterator[Server]:
    """Start `command`, wait for its line `announcement` + URL on stdout, stop it afterwards.

    `otherwise` is tried when the first command ends without the line: a port may be taken.
    Raises Unreachable when none of them announces itself.
    """
    for attempt in (command, otherwise):
        if attempt is None:
            continue
        running = _started(attempt, announcement, environ)
        if running is None:
            continue
        try:
            yield running
        finally:
            running.stop()
        return
    raise Unreachable(f"`{' '.join(command[1:])}` did not start: run it by hand to see why")


def _started(
    command: Sequence[str], announcement: str, environ: Mapping[str, str] | None
) -> Server | None:
    process = subprocess.Popen(  # noqa: S603 - our own command, no shell
        command,
        stdout=subprocess.PIPE,
        text=True,
        env=dict(environ) if environ is not None else None,
    )
    url = _announced(process, announcement)
    if url is None:
        process.kill()
        process.communicate()
        return None
    drain = threading.Thread(target=_drain, args=(process,), daemon=True)
    drain.start()
    return Server(url, process, drain)


def _announced(process: subprocess.Popen[str], announcement: str) -> str | None:
    """The URL in the announcement, or `None` when the process ends or says nothing in time."""
    timer = threading.Timer(_PATIENCE, process.kill)
    timer.start()
    try:
        for line in process.stdout or ():
            if announcement in line:
                return line.split(announcement, 1)[1].split()[0].rstrip("/")
    finally:
        timer.cancel()
    return None


def _drain(process: subprocess.Popen[str]) -> None:
    for _ in process.stdout or ():
        pass
