"""`python -m broker`: the server's commands without the rest of `tally`."""

import click

from broker.cli import commands

if __name__ == "__main__":
    click.Group("broker", commands={str(command.name): command for command in commands})()
