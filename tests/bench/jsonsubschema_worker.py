"""Answers containment questions with jsonsubschema: one JSON pair a line in, one answer a line out.

Run by `tests/bench/compat.py` with an interpreter that has the package, because its dependencies
are not ours.
"""

import json
import os
import signal
import sys

SECONDS = 5


def main():
    from jsonsubschema import isSubschema  # noqa: PLC0415 - only this process has it

    def ring(*_):
        raise TimeoutError

    signal.signal(signal.SIGALRM, ring)
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "w")  # the package prints what it meets
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    print("ready", file=answers, flush=True)
    for line in sys.stdin:
        pair = json.loads(line)
        signal.alarm(SECONDS)
        try:
            answer = bool(isSubschema(pair["a"], pair["b"]))
        except BaseException:  # noqa: BLE001 - whatever it cannot do counts as open
            answer = None
        signal.alarm(0)
        print(json.dumps(answer), file=answers, flush=True)


if __name__ == "__main__":
    main()
