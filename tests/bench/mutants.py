"""Mutation tests of the containment engine: each mutant is one small lie in one module.

Run as ``python tests/bench/mutants.py [count] [seed]``. The tree is copied, one comparison, boolean,
number or returned verdict is changed, and the engine's own tests must fail. Survivors are named
with their line; a survivor is either a missing test or a change that means the same.
"""

from __future__ import annotations

import ast
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from random import Random

ROOT = Path(__file__).parents[2]
MUTATED = "client_sdk/contract/compat"
TESTS = ("tests/client_sdk/contract/compat", "tests/client_sdk/contract/compat_adversary")
SECONDS = 300
SWAPS = {
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
    ast.And: ast.Or,
    ast.Or: ast.And,
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
}


def spots(tree: ast.Module) -> Iterator[ast.AST]:
    """List the nodes that can be mutated, in a stable order; docstrings and types are none."""
    for node in ast.walk(tree):
        match node:
            case ast.Compare(ops=[op]) if type(op) in SWAPS:
                yield node
            case ast.BoolOp(op=op) | ast.BinOp(op=op) if type(op) in SWAPS:
                yield node
            case ast.UnaryOp(op=ast.Not()):
                yield node
            case ast.Constant(value=bool()):
                yield node


def mutated(source: str, number: int) -> tuple[str, int]:
    """Change the spot of this number; gives the text and the line."""
    tree = ast.parse(source)
    node = list(spots(tree))[number]
    match node:
        case ast.Compare():
            node.ops = [SWAPS[type(node.ops[0])]()]
        case ast.BoolOp() | ast.BinOp():
            node.op = SWAPS[type(node.op)]()
        case ast.UnaryOp():
            node.operand = ast.UnaryOp(ast.Not(), node.operand)
        case ast.Constant():
            node.value = not node.value
    return ast.unparse(ast.fix_missing_locations(tree)), node.lineno


def survives(copy: Path) -> bool:
    """Say whether every test of the engine still passes."""
    command = [sys.executable, "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider", *TESTS]
    try:
        done = subprocess.run(command, cwd=copy, capture_output=True, check=False, timeout=SECONDS)
    except subprocess.TimeoutExpired:
        return False  # a mutant that never ends is noticed
    return done.returncode == 0


def main(arguments: list[str]) -> int:
    count, seed = (*map(int, arguments), *(20, 0)[len(arguments) :])
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "tree"
        ignored = shutil.ignore_patterns(
            ".git", ".venv*", "__pycache__", "site", "*.db", ".*_cache"
        )
        shutil.copytree(ROOT, copy, ignore=ignored)
        if not survives(copy):
            sys.stderr.write("mutants: the tests fail without any mutation\n")
            return 2
        files = sorted((copy / MUTATED).rglob("*.py"))
        every = [
            (file, number)
            for file in files
            for number in range(len(list(spots(ast.parse(file.read_text("utf-8"))))))
        ]
        chosen = Random(seed).sample(every, min(count, len(every)))
        alive = 0
        for file, number in chosen:
            source = file.read_text("utf-8")
            text, line = mutated(source, number)
            file.write_text(text, "utf-8")
            if survives(copy):
                alive += 1
                told = source.splitlines()[line - 1].strip()
                print(f"survives: {file.relative_to(copy)}:{line}: {told}", flush=True)
            file.write_text(source, "utf-8")
        print(f"{len(chosen) - alive} of {len(chosen)} mutants were killed ({len(every)} possible)")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
