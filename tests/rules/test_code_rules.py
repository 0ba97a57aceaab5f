"""The house rules that no linter knows."""

import ast
import hashlib
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PRODUCT = sorted(path for name in ("broker", "client_sdk") for path in (ROOT / name).rglob("*.py"))
LONGEST_MODULE, LONGEST_FUNCTION = 300, 40
# Each option takes a line, and another one that explains it; what they do is no longer for that.
MANY_OPTIONS = {"client_sdk/harness/harness.py __init__"}
VAGUE = {"utils", "util", "helpers", "helper", "common", "base", "misc"}
MATCHING = {
    "compile",
    "match",
    "fullmatch",
    "search",
    "sub",
    "subn",
    "split",
    "findall",
    "finditer",
}


def name_of(path):
    return str(path.relative_to(ROOT))


def tree_of(path):
    return ast.parse(path.read_text(encoding="utf-8"))


def each_node(kind):
    """Every node of a kind in the product, with the place where it stands."""
    for path in PRODUCT:
        for node in ast.walk(tree_of(path)):
            if isinstance(node, kind):
                yield f"{name_of(path)}:{node.lineno}", node


def is_constant(node):
    """A text that is written in the code, whole or put together from names of constants."""
    if isinstance(node, ast.JoinedStr):
        return all(is_constant(part) for part in node.values)
    if isinstance(node, ast.FormattedValue):
        return is_constant(node.value)
    if isinstance(node, ast.BinOp):
        return is_constant(node.left) and is_constant(node.right)
    return isinstance(node, ast.Constant) or (isinstance(node, ast.Name) and node.id.isupper())


def calls_of(module, functions):
    for place, node in each_node(ast.Call):
        called = node.func
        is_asked = isinstance(called, ast.Attribute) and isinstance(called.value, ast.Name)
        if is_asked and called.value.id == module and called.attr in functions:
            yield place, node


def test_pythons_patterns_are_written_in_the_code_never_received():
    open_patterns = [
        place for place, call in calls_of("re", MATCHING) if not is_constant(call.args[0])
    ]

    assert open_patterns == []


def test_no_schema_of_a_user_meets_the_librarys_own_checks():
    found = [
        place
        for place, node in each_node(ast.Attribute)
        if node.attr == "check_schema"
        or (
            node.attr == "validate"
            and isinstance(node.value, ast.Name)
            and node.value.id == "jsonschema"
        )
    ]

    assert found == []


def test_the_library_is_used_in_its_one_place():
    users = {
        place.partition(":")[0]
        for place, node in each_node(ast.Import | ast.ImportFrom)
        for name in (
            [node.module or ""]
            if isinstance(node, ast.ImportFrom)
            else [each.name for each in node.names]
        )
        if name.partition(".")[0] == "jsonschema"
    }

    assert users <= {"client_sdk/contract/evaluation/second_opinion.py"}


def test_a_module_tells_one_story_in_three_hundred_lines():
    long = [
        name_of(path)
        for path in PRODUCT
        if len(path.read_text(encoding="utf-8").splitlines()) > LONGEST_MODULE
    ]

    assert long == []


def test_a_module_begins_with_its_story():
    assert [name_of(path) for path in PRODUCT if not ast.get_docstring(tree_of(path))] == []


def length_of(function):
    """The lines of a function, its arguments and its docstring among them."""
    return function.end_lineno - function.lineno + 1


def body_of(function):
    """The lines of what a function does."""
    has_words = ast.get_docstring(function, clean=False) is not None
    body = function.body[1:] if has_words else function.body
    return body[-1].end_lineno - body[0].lineno + 1 if body else 0


def test_a_function_is_one_step_of_forty_lines():
    long = [
        (f"{place.partition(':')[0]} {node.name}", body_of(node))
        for place, node in each_node(ast.FunctionDef | ast.AsyncFunctionDef)
        if length_of(node) > LONGEST_FUNCTION
    ]

    assert {name for name, _ in long} <= MANY_OPTIONS
    assert [name for name, lines in long if lines > LONGEST_FUNCTION] == []


def test_no_module_has_a_name_that_says_nothing():
    assert [name_of(path) for path in PRODUCT if path.stem.strip("_") in VAGUE] == []


def test_no_folder_has_a_name_that_says_nothing():
    assert {part for path in PRODUCT for part in path.relative_to(ROOT).parts[:-1]} & VAGUE == set()


def test_the_contracts_folder_holds_data_only():
    assert sorted((ROOT / "contracts").rglob("*.py")) == []


def vendored():
    for listing in sorted(
        [*(ROOT / "broker").rglob("vendor.toml"), *(ROOT / "tests").rglob("vendor.toml")]
    ):
        for entry in tomllib.loads(listing.read_text(encoding="utf-8"))["file"]:
            yield pytest.param(listing.parent, entry, id=entry["name"])


@pytest.mark.parametrize(("folder", "entry"), list(vendored()))
def test_a_vendored_file_is_the_one_that_was_reviewed(folder, entry):
    content = (folder / entry["name"]).read_bytes()

    assert hashlib.sha256(content).hexdigest() == entry["sha256"]
