"""Why an experiment is not run."""

from __future__ import annotations

from client_sdk.errors import TallyError


class ExperimentRefused(TallyError):
    """An experiment asks for what cannot be done here; the message says what and what can."""
