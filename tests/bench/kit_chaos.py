"""Microseconds the injector adds to a call when no fault fires, by what is armed."""

from __future__ import annotations

from client_sdk.chaos import ChaosConfig, ChaosInjector, Nth
from client_sdk.exchange import Result
from tests.bench.kit_rows import Row, fastest

GOAL, UNIT = 10.0, "µs"
SENT = {"agent_id": "test-a"}
ARMED = {
    "nothing armed": (),
    "another tool armed": (ChaosConfig("timeout", target_tools=["other"]),),
    "probability 0": (ChaosConfig("timeout", probability=0),),
    "probability 1e-9, a draw each call": (ChaosConfig("timeout", probability=1e-9),),
    "a schedule that is over": (ChaosConfig("timeout", schedule=Nth(1), probability=0.5),),
    "an input that does not match": (ChaosConfig("timeout", match={"agent_id": "b"}),),
}


class Silent:
    """Answers at once: what is left is what stands around it."""

    def __init__(self):
        self.answer = Result(200, {"balance": "1.00"})

    def execute(self, tool, input_data):
        del tool, input_data
        return self.answer


def run() -> list[Row]:
    """Measure every row."""
    client = Silent()
    alone = fastest(lambda: client.execute("get_balance", SENT))
    rows = []
    for name, configs in ARMED.items():
        chaos = ChaosInjector(client, seed=1)
        for config in configs:
            chaos.add_chaos(config)
        chaos.pause()
        chaos.execute("get_balance", SENT)
        chaos.resume()
        around = fastest(lambda chaos=chaos: chaos.execute("get_balance", SENT))
        rows.append(Row(f"injector: {name}", around - alone, UNIT, GOAL))
    return rows
