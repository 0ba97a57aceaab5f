"""The benchmark: latency, throughput, errors and memory of tools and workflows.

`benchmark` is the face. `work` is what is measured, `load` how calls are made, `samples` the
statistics, `comparison` and `compare` the judgement of two results, `baselines` the memory of a
repository, `gates` and `clauses` the limits, `report` and `plot` what people look at.
"""

from client_sdk.bench.baselines import (
    Baseline,
    BaselineCheck,
    check_baseline,
    load_baselines,
    load_results,
    save_baselines,
    save_results,
)
from client_sdk.bench.benchmark import AgentBenchmark
from client_sdk.bench.clauses import evidence_of, gate_contract
from client_sdk.bench.compare import Comparison, compare_results
from client_sdk.bench.gates import (
    Gate,
    GateMalformed,
    GateOutcome,
    check_gates,
    parse_gate,
    verdict_of,
)
from client_sdk.bench.pairs import Pairs
from client_sdk.bench.refusal import BenchmarkRefused, FileRefused
from client_sdk.bench.result import BenchmarkResult
from client_sdk.bench.verdicts import Verdict

__all__ = [
    "AgentBenchmark",
    "Baseline",
    "BaselineCheck",
    "BenchmarkRefused",
    "BenchmarkResult",
    "Comparison",
    "FileRefused",
    "Gate",
    "GateMalformed",
    "GateOutcome",
    "Pairs",
    "Verdict",
    "check_baseline",
    "check_gates",
    "compare_results",
    "evidence_of",
    "gate_contract",
    "load_baselines",
    "load_results",
    "parse_gate",
    "save_baselines",
    "save_results",
    "verdict_of",
]
