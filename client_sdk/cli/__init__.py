"""The command line `tally`: one module per command group, loaded when it is called."""

from client_sdk.cli.root import main

__all__ = ["main"]
