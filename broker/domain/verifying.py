"""What makes a reported result complete, and what a producer build still has to verify."""

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from broker.domain.errors import ToolsNotReported, VerificationInvalid
from broker.domain.publication import Content
from broker.domain.verification import NeededContent, ToolOutcome, ToolResult
from client_sdk.contract.errors import Fault


def check_complete(content: Content, results: tuple[ToolResult, ...]) -> None:
    """Every tool of the content is reported, once, and nothing else; else `ToolsNotReported`."""
    reported = Counter(result.tool_name for result in results)
    missing = tuple(name for name in content.tools if name not in reported)
    repeated = tuple(name for name, count in reported.items() if count > 1)
    unexpected = tuple(name for name in reported if name not in content.tools)
    if not (missing or repeated or unexpected):
        return
    faults = (
        *(_fault("tool-missing", f"The tool {name!r} is not reported.") for name in missing),
        *(_fault("tool-repeated", f"The tool {name!r} is reported twice.") for name in repeated),
        *(_fault("tool-unexpected", f"The contract has no tool {name!r}.") for name in unexpected),
    )
    raise ToolsNotReported(faults, missing, repeated, unexpected)


def check_consistent(results: tuple[ToolResult, ...]) -> None:
    """Nothing passes without a check, or with an error found; else `VerificationInvalid`."""
    faults = tuple(_contradictions(results))
    if faults:
        raise VerificationInvalid(faults)


def is_pending(needed: NeededContent, branch: str | None) -> bool:
    """A failure would not yet fail the producer's build.

    Pending until a version on the build's branch or on the producer's main branch passed it;
    never for a build without branch, nor for content that is deployed or supported anywhere.
    """
    if branch is None or needed.placed_in:
        return False
    return not (needed.passed_on_branch or needed.passed_on_main)


def why_needed(needed: NeededContent, branch: str | None) -> tuple[str, ...]:
    """The selectors that asked for the content, as sentences."""
    return tuple(_selectors(needed, branch))


def _selectors(needed: NeededContent, branch: str | None) -> Iterator[str]:
    if needed.on_main:
        yield f"newest on the main branch of {needed.consumer}"
    if needed.on_branch:
        yield f"newest of {needed.consumer} on branch {branch}, like this build"
    for environment in needed.placed_in:
        yield f"deployed to or supported in {environment}"


def _contradictions(results: tuple[ToolResult, ...]) -> Iterator[Fault]:
    for index, result in enumerate(results):
        place = f"/tools/{index}"
        if result.checks < 0:
            yield _fault("checks-negative", "A count of checks is at least 0.", f"{place}/checks")
        if result.outcome is ToolOutcome.PASSED and result.checks == 0:
            message = f"{result.tool_name!r} cannot pass without a check: report not_tested."
            yield _fault("passed-unchecked", message, f"{place}/checks")
        if result.outcome is ToolOutcome.PASSED and any(map(_is_error, result.violations)):
            message = f"{result.tool_name!r} cannot pass with a violation of severity error."
            yield _fault("passed-with-errors", message, f"{place}/violations")


def _is_error(violation: Mapping[str, Any]) -> bool:
    return bool(violation.get("severity", "error") == "error")


def _fault(code: str, message: str, pointer: str = "/tools") -> Fault:
    return Fault(code, pointer, message)
