"""Use cases: one function each, which owns its transaction and knows the store by its ports."""
