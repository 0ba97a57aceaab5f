"""The sandbox: every tool of the escrow gateway over a double-entry ledger, in process or on HTTP.

`Sandbox.execute(tool, input_data)` answers in process, `serve(sandbox)` on a loopback port, and
`python -m client_sdk.mock --port 0` as a process. Nothing here belongs in production.
"""

from client_sdk.mock.behaviours import BEHAVIOURS
from client_sdk.mock.ledger import Ledger, LedgerUnbalanced
from client_sdk.mock.sandbox import Sandbox
from client_sdk.mock.server import RunningSandbox, serve

__all__ = ["BEHAVIOURS", "Ledger", "LedgerUnbalanced", "RunningSandbox", "Sandbox", "serve"]
