"""Producers that answer as a test wants, and contracts that are run against them."""

import json
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from client_sdk.contract.reading import contract_from_document, parse_contract
from client_sdk.verify import ContractUnderTest, Target, verify_contracts

CONTRACTS = Path(__file__).parents[1] / "contracts"


def the_contract():
    return parse_contract((CONTRACTS / "buyer-agent-v2--gateway.contract.json").read_bytes())


def a_contract(**members):
    tool = {
        "tool_name": "get_balance",
        "version": "1",
        "input_schema": {
            "type": "object",
            "properties": {"agent_id": {"const": "a"}},
            "required": ["agent_id"],
        },
        "output_schema": {
            "type": "object",
            "properties": {"balance": {"type": "string"}},
            "required": ["balance"],
        },
        "examples": [{"name": "look", "input": {"agent_id": "a"}}],
    }
    return contract_from_document(
        {"consumer": "buyer", "producer": "gateway", "tools": [tool | members]}
    )


def verified(contract, url, **options):
    return verify_contracts([ContractUnderTest(contract)], Target(url), **options)


def outcomes(run):
    return {tool.tool_name: tool.outcome.value for each in run.contracts for tool in each.tools}


@contextmanager
def producer(status=200, body=b"{}", content_type="application/json", handle=None):
    """A producer that always answers the same, and remembers what it was asked."""
    seen = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            content = self.rfile.read(int(self.headers["Content-Length"]))
            seen.append((self.path, dict(self.headers), json.loads(content)))
            answer = handle(self.path, json.loads(content)) if handle else (status, body)
            self.send_response(answer[0])
            self.send_header("Content-Type", content_type)
            self.send_header("Content-Length", str(len(answer[1])))
            self.end_headers()
            self.wfile.write(answer[1])

        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", seen
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
