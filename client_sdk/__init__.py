"""Tallystick's client: the contract kernel, the command line and the toolkit."""
