"""Tables on a terminal: whatever its width, nothing of a cell is cut off."""

import re

import pytest

from client_sdk.cli.answer import Answer, Table
from client_sdk.cli.render_text import table

LONG = "buyer-agent-of-the-north@2.10.0-rc.1"
ANSWER = Answer({}, tables=(Table(("", "consumer", "producer"), (("✓ verified", LONG, "gateway@7"),)),))  # fmt: skip


@pytest.fixture
def on_terminal(monkeypatch):
    """Draws on a terminal of a width, without its escape sequences."""
    monkeypatch.setattr("client_sdk.cli.render_text.is_terminal", lambda _: True)
    monkeypatch.setenv("TERM", "xterm")

    def drawn(width):
        monkeypatch.setenv("COLUMNS", str(width))
        return re.sub(r"\x1b\[[0-9;]*m", "", table(ANSWER))

    return drawn


def test_a_wide_terminal_has_a_row_a_line(on_terminal):
    assert re.search(rf"✓ verified +{re.escape(LONG)} +gateway@7", on_terminal(120))


def test_a_terminal_too_narrow_for_a_row_folds_its_cells(on_terminal):
    *_, first, second = on_terminal(48).splitlines()

    assert re.fullmatch(r" ✓ verified +buyer-agent-of-the-no +gateway@7 *", first)
    assert second.strip() == "rth@2.10.0-rc.1"


def test_a_very_narrow_terminal_has_a_cell_a_line(on_terminal):
    assert on_terminal(24) == f"✓ verified\n    consumer: {LONG}\n    producer: gateway@7"
