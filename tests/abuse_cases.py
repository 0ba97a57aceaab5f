"""The abuse corpus: one hostile or odd request a line; large bodies are written as recipes."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent / "abuse"
PUBLISH = "/api/v1/contracts/abuse/target/versions/1"
LARGE = 2**20


@dataclass(frozen=True)
class Case:
    """One request and what must be said to it; `statuses` names every status that is right."""

    id: str
    method: str
    path: str
    headers: tuple[tuple[str, str], ...]
    body: bytes | None
    statuses: frozenset[int]
    code: str | None
    place: str | None

    @property
    def is_contract(self) -> bool:
        """Whether the body is a contract file that somebody could keep on a disk."""
        return self.method == "PUT" and self.path == PUBLISH and not self.headers

    @property
    def seconds(self) -> float:
        """How long the server may work on it."""
        return 5.0 if self.body is not None and len(self.body) > LARGE else 2.0


def corpus(*names: str, canary: str = "127.0.0.1:9") -> list[Case]:
    """The cases of the named files in order; `{canary}` in a line becomes the address given."""
    files = [FOLDER / f"{name}.jsonl" for name in names]
    return [
        _case(json.loads(line.replace("{canary}", canary)))
        for file in files
        for line in file.read_text(encoding="utf-8").splitlines()
    ]


def sound_contract(**members: Any) -> dict[str, Any]:
    """A contract that nobody would refuse, until `members` say otherwise."""
    return {"consumer": "abuse", "producer": "target", "tools": [sound_tool()], **members}


def sound_tool(**members: Any) -> dict[str, Any]:
    """The same for a tool."""
    return {
        "tool_name": "pay",
        "version": "1",
        "input_schema": {"amount": {"type": "number"}},
        "output_schema": {"id": {"type": "string"}},
        **members,
    }


def _case(line: dict[str, Any]) -> Case:
    body = _body(line)
    headers = tuple((name, value) for name, value in line.get("headers", ()))
    expect = line["expect"]
    return Case(
        id=line["id"],
        method=line.get("method", "GET" if body is None else "PUT"),
        path=line.get("path", PUBLISH),
        headers=headers,
        body=body,
        statuses=frozenset(expect["status"]),
        code=expect.get("code"),
        place=expect.get("pointer", expect.get("parameter")),
    )


def _body(line: dict[str, Any]) -> bytes | None:
    for kind, make in _KINDS.items():
        if kind in line:
            return make(line[kind])
    return None


def _grown(parts: list[Any]) -> str:
    """Texts, and [text, times, separator] where «i» counts from 0 and «j» from 1."""
    return "".join(part if isinstance(part, str) else _repeated(*part) for part in parts)


def _repeated(text: str, times: int, separator: str = "") -> str:
    if "«" not in text:
        return separator.join([text] * times)
    return separator.join(
        text.replace("«i»", str(i)).replace("«j»", str(i + 1)) for i in range(times)
    )


def _around_schema(schema: str) -> bytes:
    hole = '"the schema"'
    contract = json.dumps(sound_contract(tools=[sound_tool(input_schema="the schema")]))
    return contract.replace(hole, schema).encode()


_KINDS = {
    "body": lambda value: json.dumps(value).encode(),
    "text": lambda text: text.encode(),
    "hex": bytes.fromhex,
    "parts": lambda parts: _grown(parts).encode(),
    "contract": lambda members: json.dumps(sound_contract(**members)).encode(),
    "tool": lambda members: json.dumps(sound_contract(tools=[sound_tool(**members)])).encode(),
    "schema": lambda schema: _around_schema(json.dumps(schema)),
    "schema_text": _around_schema,
    "schema_parts": lambda parts: _around_schema(_grown(parts)),
    "pattern": lambda source: _around_schema(
        json.dumps({"type": "object", "properties": {"a": {"type": "string", "pattern": source}}})
    ),
}
