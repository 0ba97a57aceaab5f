"""A process that publishes through the real use case, and tells of every success on a line."""

import json
import os
import sys
import threading
from datetime import UTC, datetime

from broker.domain.errors import ContentConflict
from broker.services.publishing import PublishRequest, publish
from broker.storage.unit_of_work import SqlStore, open_store
from client_sdk.contract.reading import parse_contract


class RealClock:
    """The time of this machine."""

    def now(self) -> datetime:
        return datetime.now(UTC)


def contract(consumer: str, mark: str) -> bytes:
    """A contract file whose content differs with `mark`."""
    tool = {
        "tool_name": "quote",
        "version": mark,
        "input_schema": {"sku": {"type": "string"}},
        "output_schema": {"price": {"type": "number"}},
    }
    return json.dumps({"consumer": consumer, "producer": "pricing", "tools": [tool]}).encode()


def publish_one(store: SqlStore, consumer: str, version: str, mark: str) -> bool:
    """Whether this publication was the one that counts; `False` when another came first."""
    raw = contract(consumer, mark)
    request = PublishRequest(parse_contract(raw), raw, version)
    try:
        publish(store, request, clock=RealClock())
    except ContentConflict:
        return False
    return True


def race(url: str, name: str, versions: int, threads: int) -> None:
    """Every thread publishes content of its own under the same versions; prints the winners."""
    with open_store(url) as store:

        def run(thread: int) -> None:
            for version in range(versions):
                mark = f"{name}-{thread}"
                if publish_one(store, "shop", str(version), mark):
                    tell(f"{version} {mark}")

        running = [threading.Thread(target=run, args=(number,)) for number in range(threads)]
        for thread in running:
            thread.start()
        for thread in running:
            thread.join()


def stream(url: str, name: str) -> None:
    """Publish new versions without end; prints each when it is stored."""
    with open_store(url) as store:
        number = 0
        while True:
            publish_one(store, name, str(number), f"{name}-{number}")
            tell(str(number))
            number += 1


def tell(line: str) -> None:
    """Write one line in one piece: several threads speak, and the process may be killed."""
    os.write(sys.stdout.fileno(), f"{line}\n".encode())


if __name__ == "__main__":
    kind, url, name, *numbers = sys.argv[1:]
    if kind == "race":
        race(url, name, int(numbers[0]), int(numbers[1]))
    else:
        stream(url, name)
