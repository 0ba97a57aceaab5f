"""What the pure packages load, each in a fresh interpreter."""

import json
import subprocess
import sys

import pytest

FRAMEWORKS = {
    *("requests", "urllib3", "flask", "werkzeug", "sqlalchemy", "alembic", "click", "rich"),
    *("pydantic", "structlog", "prometheus_client", "waitress", "deepdiff"),
}


def loaded_by(module):
    """The top-level packages that importing a module brings along."""
    code = f"import json, sys, {module}; print(json.dumps(sorted({{each.partition('.')[0] for each in sys.modules}})))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return set(json.loads(done.stdout))


@pytest.mark.parametrize("module", ["client_sdk.contract", "broker.domain", "broker.services"])
def test_a_pure_package_loads_no_framework(module):
    assert loaded_by(module) & FRAMEWORKS == set()


def test_the_kernel_does_not_load_the_broker():
    assert "broker" not in loaded_by("client_sdk.contract")


def test_the_sdk_does_not_load_the_server():
    loaded = loaded_by("client_sdk.cli")

    assert loaded & {"flask", "sqlalchemy", "alembic", "waitress"} == set()
