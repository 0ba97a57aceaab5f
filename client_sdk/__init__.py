"""Tallystick's client: the contract kernel, the command line and the toolkit."""

__version__ = "0.1.0"
