"""The delivery pipeline: its stages as data, written as a workflow or run on this machine.

`stages_of(project)` is the one list of stages; `files_of` turns it into the files of a GitHub
workflow, `run_stages` runs the same steps here.
"""

from client_sdk.pipeline.files import files_of, write_files
from client_sdk.pipeline.running import StageResult, run_stages
from client_sdk.pipeline.stage import Project, Role, Stage, Step
from client_sdk.pipeline.stages import stages_of

__all__ = [
    "Project",
    "Role",
    "Stage",
    "StageResult",
    "Step",
    "files_of",
    "run_stages",
    "stages_of",
    "write_files",
]
