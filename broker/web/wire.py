"""Requests that the HTTP server itself refuses, before the application sees them: problems too."""

import uuid
from http import HTTPStatus
from typing import Any

import structlog
from waitress.channel import HTTPChannel  # type: ignore[import-untyped]  # it comes without types
from waitress.parser import (  # type: ignore[import-untyped]  # the same
    HTTPRequestParser,
    ParsingError,
)
from waitress.utilities import BadRequest, Error  # type: ignore[import-untyped]  # the same

from broker.web.problems import PROTOCOL_CODES, problem
from broker.web.refusals import LengthMissing


class LengthRequired(BadRequest):  # type: ignore[misc]  # untyped
    """The body comes in pieces: nothing says where it should end."""

    code = HTTPStatus.LENGTH_REQUIRED
    reason = HTTPStatus.LENGTH_REQUIRED.phrase


class Parser(HTTPRequestParser):  # type: ignore[misc]  # untyped
    """Reads a request; one that does not say once and beforehand how long it is, is refused.

    Two lengths: a proxy in front may end the request elsewhere. None: it would be read first.
    """

    def parse_header(self, header_plus: bytes) -> None:
        """Read the first line and the headers; raises ParsingError."""
        super().parse_header(header_plus)
        if self.chunked and "CONTENT_LENGTH" in self.headers:
            raise ParsingError("Content-Length and Transfer-Encoding exclude each other")
        if self.chunked:
            self.error = LengthRequired(str(LengthMissing()))
            self.completed = True

    def received(self, data: bytes) -> int:
        """Take what came; what is wrong with it will be answered with a problem."""
        consumed = int(super().received(data))
        if isinstance(self.error, Error) and not isinstance(self.error, _Problem):
            self.error = _Problem(self.error)
            self.expect_continue = False  # nobody waits for the body
        return consumed


class Channel(HTTPChannel):  # type: ignore[misc]  # untyped
    """A connection that reads with the parser above."""

    parser_class = Parser


class _Problem(Error):  # type: ignore[misc]  # untyped
    """An error of the server in the broker's own words and media type."""

    def __init__(self, cause: Error) -> None:
        super().__init__(cause.body)
        self.code = cause.code
        self.reason = cause.reason

    def to_response(self, ident: str | None = None) -> tuple[str, list[tuple[str, str]], bytes]:
        """Status line, headers and body; the log holds a line under the same request id."""
        del ident
        status, name = HTTPStatus(self.code), uuid.uuid4().hex
        code = PROTOCOL_CODES.get(status, "request-malformed")
        answer = problem(status, code, _sentence(self.body), data={"request_id": name})
        log = structlog.get_logger("broker.request")
        log.info("refused-unread", status=int(status), code=code, request_id=name)
        headers = [("Content-Type", answer.content_type or ""), ("X-Request-Id", name)]
        return f"{int(status)} {self.reason}", headers, answer.get_data()


def _sentence(said: Any) -> str:  # noqa: ANN401 - the server's own words, of any type
    return f"The request cannot be read: {str(said)[:200].removesuffix('.')}."
