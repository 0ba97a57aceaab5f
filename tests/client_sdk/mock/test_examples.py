"""The examples in the docstrings of the mock run."""

import doctest
from importlib import import_module

import pytest


@pytest.mark.parametrize(
    "module",
    ["answers", "factories", "greenhelix", "programming", "scenarios", "tool_mock"],
)
def test_the_examples_run(module):
    outcome = doctest.testmod(import_module(f"client_sdk.mock.{module}"), raise_on_error=True)

    assert outcome.attempted > 0
