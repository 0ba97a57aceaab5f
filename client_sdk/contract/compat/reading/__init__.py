"""The front end: JSON Schema of five dialects into terms, keyword by keyword."""

from client_sdk.contract.compat.reading.reader import term_from_resource

__all__ = ["term_from_resource"]
