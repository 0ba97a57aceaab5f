"""Requests invented from the description, sound and unsound: the broker stays within it."""

import pytest
import schemathesis
import structlog
from fakes import FakeStore
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import GenerationMode, checks

from broker.app import create_app
from broker.observability import configure_logging
from broker.settings import Settings
from broker.web.api.description import description

EXAMPLES = 6
CHECKS = [
    checks.not_a_server_error,
    checks.status_code_conformance,
    checks.content_type_conformance,
    checks.response_schema_conformance,
]
SOUND, UNSOUND = GenerationMode.POSITIVE, GenerationMode.NEGATIVE


def invented():
    """Every operation with both kinds of requests; unsound ones where there is anything to get wrong."""
    schema = schemathesis.openapi.from_dict(description())
    for operation in sorted((each.ok() for each in schema.get_all_operations()), key=str):
        takes = list(operation.iter_parameters()) or operation.body
        if operation.path != "/api/v1/openapi.json":  # where the description itself was read
            yield from (
                (operation.label, mode) for mode in ((SOUND, UNSOUND) if takes else (SOUND,))
            )


@pytest.fixture(scope="module")
def operations():
    app = create_app(Settings(), store=FakeStore())
    configure_logging(level="error", as_json=True)
    schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", app)
    yield {each.ok().label: each.ok() for each in schema.get_all_operations()}
    structlog.reset_defaults()


@pytest.mark.parametrize(("label", "mode"), list(invented()))
def test_no_invented_request_is_answered_otherwise_than_described(operations, label, mode):
    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        derandomize=True,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operations[label].as_strategy(generation_mode=mode))
    def send(case):
        case.call_and_validate(checks=CHECKS)

    send()
