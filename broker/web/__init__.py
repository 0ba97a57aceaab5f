"""HTTP: the API and the dashboard, over the same use cases."""
