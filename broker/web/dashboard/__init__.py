"""The dashboard: read-only screens, rendered here, that work without a script."""
