"""The native JSON API: one module per noun."""
