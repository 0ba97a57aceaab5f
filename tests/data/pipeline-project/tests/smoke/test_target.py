import os
from pathlib import Path

import requests

ROOT = Path(__file__).parents[2]


def test_the_target_answers():
    environment = os.environ["TARGET_ENV"]
    url = (ROOT / f"{environment}.url").read_text().strip()
    key = os.environ[f"GREENHELIX_{environment.upper()}_KEY"]

    answer = requests.post(
        f"{url}/v1",
        json={"tool": "get_balance", "input": {"agent_id": "test-buyer"}},
        headers={"Authorization": f"Bearer {key}"},
        timeout=5,
    )

    assert answer.status_code == 200
