"""Experiments: a steady state, a method, rollbacks; Chaos Toolkit's files in and out."""

from client_sdk.chaos.experiments.activities import Activity, action, probe
from client_sdk.chaos.experiments.document import (
    Experiment,
    Injection,
    experiment_from_document,
    experiment_from_injector,
    injection_of,
)
from client_sdk.chaos.experiments.journal import Journal
from client_sdk.chaos.experiments.refusal import ExperimentRefused
from client_sdk.chaos.experiments.running import run_experiment

__all__ = [
    "Activity",
    "Experiment",
    "ExperimentRefused",
    "Injection",
    "Journal",
    "action",
    "experiment_from_document",
    "experiment_from_injector",
    "injection_of",
    "probe",
    "run_experiment",
]
