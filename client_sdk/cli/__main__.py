"""`python -m client_sdk.cli` is `tally`."""

from client_sdk.cli import main

main()
