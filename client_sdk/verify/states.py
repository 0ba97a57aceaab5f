"""Provider states: asking the producer's side to make true what an example presumes.

The request is `{"state", "params", "action": "setup" | "teardown", "consumer"}`, posted to an
address or written to a command's standard input. Nothing of it reaches a shell.
"""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from typing import IO, Final, Literal, Protocol

from client_sdk.contract.document import dumps
from client_sdk.contract.values import JsonObject
from client_sdk.errors import SettingsFault, TallyError, Unreachable
from client_sdk.exchange.mapping import JSON_HEADERS
from client_sdk.settings import is_web_address
from client_sdk.transport import Timeout, Transport

Action = Literal["setup", "teardown"]
SUCCESS: Final = range(200, 300)
SHOWN: Final = 300
PATIENCE: Final = 30.0  # seconds


class StateFailed(TallyError):
    """A provider state could not be set up or torn down; says what the hook answered."""


class ProviderStates(Protocol):
    """Whoever can prepare the producer."""

    def change(self, state: str, params: JsonObject, action: Action, consumer: str) -> None:
        """Set a state up or tear it down; raises StateFailed."""
        ...


class UrlStates:
    """Posts each request to an address; `headers` are sent there and nowhere else."""

    def __init__(
        self,
        url: str,
        *,
        headers: Mapping[str, str] | None = None,
        patience: float = PATIENCE,
        transport: Transport | None = None,
    ) -> None:
        if not is_web_address(url):
            raise SettingsFault(f"the state address {url!r} is not an http:// or https:// URL")
        self._url = url
        self._headers = {**JSON_HEADERS, **(headers or {})}
        self._transport = transport or Transport(
            Timeout(min(5.0, patience), patience, patience), max_answer_bytes=1024 * 1024
        )

    def change(self, state: str, params: JsonObject, action: Action, consumer: str) -> None:
        """Set a state up or tear it down; any status but a 2xx is a failure."""
        content = _request(state, params, action, consumer)
        try:
            answer = self._transport.send("POST", self._url, content=content, headers=self._headers)
        except Unreachable as error:
            raise StateFailed(f"the state hook did not answer: {error}") from error
        if answer.status not in SUCCESS:
            said = answer.content[:SHOWN].decode("utf-8", errors="replace")
            raise StateFailed(f"{action} of state {state!r} answered {answer.status}: {said}")


class CommandStates:
    """Starts a command per request and writes the request to its standard input."""

    def __init__(self, command: Sequence[str], *, patience: float = PATIENCE) -> None:
        self._command = list(command)
        self._patience = patience

    def change(self, state: str, params: JsonObject, action: Action, consumer: str) -> None:
        """Set a state up or tear it down; any exit code but 0 is a failure."""
        content = _request(state, params, action, consumer)
        with tempfile.TemporaryFile() as complaints:
            try:
                code = self._run(content, complaints)
            except OSError as error:
                raise StateFailed(f"the state command cannot be started: {error}") from error
            except subprocess.TimeoutExpired as error:
                raise StateFailed(
                    f"{action} of state {state!r} did not finish within {self._patience:g} s"
                ) from error
            if code:
                said = _end_of(complaints)
                raise StateFailed(f"{action} of state {state!r} ended with {code}: {said}")

    def _run(self, content: bytes, complaints: IO[bytes]) -> int:
        """Run the command to its end, or end it with all it started.

        Its output goes to a file: whoever it leaves running behind it may keep that open.
        """
        with subprocess.Popen(  # noqa: S603 - the caller's own command, no shell
            self._command,
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=complaints,
            start_new_session=True,
        ) as process:
            try:
                process.communicate(content, timeout=self._patience)
            except BaseException:
                _end_all(process)
                raise
            return process.returncode


def _end_all(process: subprocess.Popen[bytes]) -> None:
    if sys.platform == "win32":
        process.kill()
        return
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)


def _end_of(complaints: IO[bytes]) -> str:
    size = complaints.seek(0, os.SEEK_END)
    complaints.seek(max(0, size - SHOWN))
    return complaints.read().decode("utf-8", errors="replace").strip()


def _request(state: str, params: JsonObject, action: Action, consumer: str) -> bytes:
    request: JsonObject = {
        "state": state,
        "params": params,
        "action": action,
        "consumer": consumer,
    }
    return dumps(request).encode()
