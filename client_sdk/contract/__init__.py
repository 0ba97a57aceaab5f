"""The contract kernel: documents, contracts, validation, compatibility; pure, no framework.

The names below are the public ones. Each is loaded when it is first asked for, so importing the
package costs next to nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from client_sdk.contract.document import (
        DEFAULT_LIMITS,
        JsonObject,
        JsonValue,
        Limits,
        canonical_json,
        digest_of,
        dumps,
        equality_key,
        json_equal,
        parse_untrusted,
    )
    from client_sdk.contract.errors import (
        ContractError,
        DocumentInvalid,
        DocumentMalformed,
        DocumentTooLarge,
        Fault,
        NameRefused,
        Severity,
    )
    from client_sdk.contract.model import (
        Constraint,
        Contract,
        Dialect,
        Example,
        ExampleResponse,
        SchemaResource,
        Shape,
        ToolContract,
        contract_digest,
    )
    from client_sdk.contract.offers import Offer, OfferedTool, offer_from_document, parse_offer
    from client_sdk.contract.reading import contract_from_document, parse_contract
    from client_sdk.contract.schema_gate import check_user_schema
    from client_sdk.contract.validation import (
        Violation,
        is_valid,
        validate_request,
        validate_response,
        violations,
    )

__all__ = [
    "DEFAULT_LIMITS",
    "Constraint",
    "Contract",
    "ContractError",
    "Dialect",
    "DocumentInvalid",
    "DocumentMalformed",
    "DocumentTooLarge",
    "Example",
    "ExampleResponse",
    "Fault",
    "JsonObject",
    "JsonValue",
    "Limits",
    "NameRefused",
    "Offer",
    "OfferedTool",
    "SchemaResource",
    "Severity",
    "Shape",
    "ToolContract",
    "Violation",
    "canonical_json",
    "check_user_schema",
    "contract_digest",
    "contract_from_document",
    "digest_of",
    "dumps",
    "equality_key",
    "is_valid",
    "json_equal",
    "offer_from_document",
    "parse_contract",
    "parse_offer",
    "parse_untrusted",
    "validate_request",
    "validate_response",
    "violations",
]

_NAMES_BY_MODULE: Final = {
    "document": (
        "DEFAULT_LIMITS JsonObject JsonValue Limits canonical_json digest_of dumps equality_key "
        "json_equal parse_untrusted"
    ),
    "errors": (
        "ContractError DocumentInvalid DocumentMalformed DocumentTooLarge Fault NameRefused "
        "Severity"
    ),
    "model": (
        "Constraint Contract Dialect Example ExampleResponse SchemaResource Shape ToolContract "
        "contract_digest"
    ),
    "offers": "Offer OfferedTool offer_from_document parse_offer",
    "reading": "contract_from_document parse_contract",
    "schema_gate": "check_user_schema",
    "validation": "Violation is_valid validate_request validate_response violations",
}
_MODULE_OF: Final = {
    name: module for module, names in _NAMES_BY_MODULE.items() for name in names.split()
}


def __getattr__(name: str) -> object:
    """Load a public name from the module it lives in."""
    if name not in _MODULE_OF:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_MODULE_OF[name]}"), name)
