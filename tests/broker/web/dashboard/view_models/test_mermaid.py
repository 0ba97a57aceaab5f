"""The network as Mermaid text: one line each, and names that mean nothing to it."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from broker.domain.network import Connection
from broker.domain.overview import State
from broker.web.dashboard.view_models.mermaid import mermaid_of, quoted

NODE = re.compile(r'  n\d+\["[A-Za-z0-9 ._#;-]*"\]')
EDGE = re.compile(r'  n\d+ (==>|-->|-\.->)\|"[a-z]+"\| n\d+')


def test_a_network_is_a_flow_chart():
    found = mermaid_of(
        [
            Connection("web", "orders", State.FAILED, ""),
            Connection("web", "users", State.VERIFIED, ""),
            Connection("users", "web", State.UNKNOWN, ""),
        ]
    )
    assert found == (
        "flowchart LR\n"
        '  n0["orders"]\n'
        '  n1["users"]\n'
        '  n2["web"]\n'
        '  n2 ==>|"failed"| n0\n'
        '  n2 -->|"verified"| n1\n'
        '  n1 -.->|"unverified"| n2\n'
    )


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("orders-2.0_b", "orders-2.0_b"),
        ('"]; click n0 "javascript:x', "#34;#93;#59; click n0 #34;javascript#58;x"),
        ("<script>&amp;", "#60;script#62;#38;amp#59;"),
        ("#quot;", "#35;quot#59;"),
        ("`a`\n%%{init}", "#96;a#96;#10;#37;#37;#123;init#125;"),
        ("@org:team+x", "#64;org#58;team#43;x"),
        ("naïve", "na#239;ve"),
    ],
)
def test_characters_that_mean_something_are_numbers(name, shown):
    assert quoted(name) == shown


@given(st.lists(st.tuples(st.text(max_size=20), st.text(max_size=20)), max_size=5))
def test_no_name_makes_another_line_or_leaves_its_quotes(pairs):
    lines = mermaid_of([Connection(*pair, State.STALE, "") for pair in pairs]).splitlines()
    names = {name for pair in pairs for name in pair}
    assert lines[0] == "flowchart LR"
    assert all(NODE.fullmatch(line) for line in lines[1 : 1 + len(names)])
    assert all(EDGE.fullmatch(line) for line in lines[1 + len(names) :])
    assert len(lines) == 1 + len(names) + len(pairs)
