"""The examples in docstrings of the SDK's surface run."""

import doctest
from importlib import import_module

import pytest


@pytest.mark.parametrize(
    "module",
    [
        "client_sdk.bench.benchmark",
        "client_sdk.bench.gates",
        "client_sdk.chaos.config",
        "client_sdk.chaos.experiments.running",
        "client_sdk.chaos.injector",
        "client_sdk.chaos.proxy.server",
        "client_sdk.chaos.proxy.toxics",
        "client_sdk.chaos.webhooks",
        "client_sdk.canary.config",
        "client_sdk.canary.controller",
        "client_sdk.canary.criteria",
        "client_sdk.canary.metrics",
        "client_sdk.canary.monitoring",
        "client_sdk.clock",
        "client_sdk.contract.compat.schemas",
        "client_sdk.exchange.budget",
        "client_sdk.exchange.result",
        "client_sdk.exchange.scrubber",
        "client_sdk.harness.cassette",
        "client_sdk.harness.entry",
        "client_sdk.harness.harness",
        "client_sdk.harness.names",
        "client_sdk.mock.greenhelix",
        "client_sdk.validator.contracts",
        "client_sdk.validator.policy",
        "client_sdk.validator.validator",
        "client_sdk.validator.violation",
    ],
)
def test_the_examples_run(module):
    outcome = doctest.testmod(import_module(module), raise_on_error=True)

    assert outcome.attempted > 0
