"""Calls tools over HTTP and reads their answers strictly."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from client_sdk.contract.document import Limits, parse_untrusted
from client_sdk.contract.errors import ContractError
from client_sdk.contract.values import JsonValue
from client_sdk.exchange.mapping import JSON_HEADERS, ToolMapping
from client_sdk.exchange.result import Result
from client_sdk.transport import Answer, Timeout, Transport

MAX_BODY_BYTES: Final = 8 * 1024 * 1024
BODY_LIMITS: Final = Limits(max_bytes=MAX_BODY_BYTES, max_values=500_000)
SHOWN_TEXT: Final = 2_000


class ToolClient:
    """Calls the tools of one service; `headers` go with every call.

    Proxy settings, netrc and redirects are not followed: a credential goes where it was meant to.
    """

    def __init__(
        self,
        base_url: str,
        *,
        mapping: ToolMapping = ToolMapping.BODY,
        headers: Mapping[str, str] | None = None,
        transport: Transport | None = None,
    ) -> None:
        self.base_url = base_url
        self.mapping = mapping
        self.headers = {**JSON_HEADERS, **(headers or {})}
        self._transport = transport or Transport(
            Timeout(connect=5, read=30, total=30), max_answer_bytes=MAX_BODY_BYTES
        )

    def execute(self, tool: str, input_data: JsonValue) -> Result:
        """Call a tool and give its answer, whatever its status.

        Raises:
            Unreachable: nothing answered completely in time.
            SettingsFault: the address cannot be used.
            NameRefused: the tool's name is outside its grammar.
        """
        call = self.mapping.call(self.base_url, tool, input_data)
        answer = self._transport.send(
            call.method, call.url, content=call.content, headers=self.headers
        )
        return result_from_answer(answer)

    @property
    def connections_opened(self) -> int:
        """How many connections were opened so far; a kept one counts once."""
        return self._transport.connections_opened

    def close(self) -> None:
        """Close the kept connections."""
        self._transport.close()


def result_from_answer(answer: Answer) -> Result:
    """Read an answer: a body declared as JSON strictly, any other as text, with the reason."""
    body, fault = _body_of(answer)
    headers = {name.lower(): value for name, value in answer.headers.items()}
    return Result(answer.status, body, headers, answer.elapsed_ms, fault=fault)


def _body_of(answer: Answer) -> tuple[JsonValue, str | None]:
    if not answer.content:
        return None, None
    content_type = answer.headers.get("Content-Type", "")
    if not is_json(content_type):
        return _text_of(answer.content), f"its content type is {content_type or 'not given'}"
    try:
        return parse_untrusted(answer.content, limits=BODY_LIMITS), None
    except ContractError as error:
        return _text_of(answer.content), str(error)


def is_json(content_type: str) -> bool:
    """Say whether a media type is JSON: `application/json` or any `+json`."""
    media_type = content_type.split(";", 1)[0].strip().lower()
    return media_type == "application/json" or media_type.endswith("+json")


def _text_of(content: bytes) -> str:
    return content[:SHOWN_TEXT].decode("utf-8", errors="replace")
