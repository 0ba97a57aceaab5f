"""Names of cassettes: one file each, inside the folder and nowhere else."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path
from typing import Final

LONGEST: Final = 200
UNSAFE: Final = re.compile(r"[^A-Za-z0-9._=@+-]+")
SUFFIX: Final = ".json"


def check_cassette_name(name: object) -> str:
    """Give back a name that can be a file's.

    Raises:
        ValueError: it is empty, too long, or holds a path separator or control character.
        TypeError: it is no text.
    """
    if not isinstance(name, str):
        raise TypeError(f"a cassette is named by text, or given as a Cassette, not {name!r}")
    if not 1 <= len(name) <= LONGEST:
        raise ValueError(f"a cassette's name has 1 to {LONGEST} characters, not {name!r}")
    if "/" in name or "\\" in name or not name.isprintable() or name.startswith("."):
        raise ValueError(
            f"a cassette's name is a file name without '/', '\\', control characters or a leading "
            f"dot, not {name!r}"
        )
    if name != name.strip():
        raise ValueError(f"a cassette's name begins and ends with no space, not {name!r}")
    return name


def cassette_name_from_test(test_id: str) -> str:
    """Give the name of the cassette of a test: readable, safe, and different for every test.

    Example:
        >>> cassette_name_from_test("tests/test_pay.py::test_release")
        'test_pay.test_release-7c62a766'
    """
    short = test_id.rsplit("/", 1)[-1].replace(".py::", ".").replace("::", ".")
    plain = UNSAFE.sub("-", short).strip("-.")[:120] or "test"
    return f"{plain}-{hashlib.sha256(test_id.encode()).hexdigest()[:8]}"


def cassette_file(folder: Path, name: str) -> Path:
    """Give the file of a cassette.

    Raises:
        ValueError: the name cannot be a file's.
    """
    return folder / (check_cassette_name(name) + SUFFIX)
