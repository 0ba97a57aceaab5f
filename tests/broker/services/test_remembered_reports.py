"""A report is computed once by an engine, and never remembered when the clock cut it short."""

from dataclasses import replace

import pytest
from builders import a_tool

from broker.domain.publication import ReportKey
from broker.services import publications, reporting
from client_sdk.contract.evolve import Mode
from client_sdk.contract.report import Hurt, Obligation


@pytest.fixture(autouse=True)
def _two_versions(world):
    world.publishes("shop@1", "pricing", [a_tool()])
    world.publishes("shop@2", "pricing", [a_tool(), a_tool("other")])


def test_a_report_is_kept_under_what_it_compares(world):
    key, report = the_report(world)

    with world.store.reading() as uow:
        assert uow.reports.find({key}) == {key: report}


def test_what_the_wall_clock_cut_short_is_never_remembered(world):
    key, report = the_report(world)
    doubt = Obligation(Hurt.CONSUMERS, "a ⊆ b", "undecided", reason="budget-wall")
    found = replace(report.findings[0], obligations=(doubt,))
    other = ReportKey(key.new_digest, key.old_digest, Mode.FULL)

    with world.store.writing() as uow:
        uow.reports.add({other: replace(report, mode=Mode.FULL, findings=(found,))})

    with world.store.reading() as uow:
        assert uow.reports.find({other}) == {}


def test_what_ran_out_of_steps_is_remembered_for_it_is_the_same_everywhere(world):
    key, report = the_report(world)
    doubt = Obligation(Hurt.CONSUMERS, "a ⊆ b", "undecided", reason="budget-steps")
    kept = replace(report, findings=(replace(report.findings[0], obligations=(doubt,)),))
    other = ReportKey(key.new_digest, key.old_digest, Mode.FULL)

    with world.store.writing() as uow:
        uow.reports.add({other: replace(kept, mode=Mode.FULL)})

    with world.store.reading() as uow:
        assert uow.reports.find({other})[other].findings[0].obligations == (doubt,)


def test_comparisons_share_their_time_and_say_what_it_did_not_reach(world):
    text, number = (
        {"type": "object", "properties": {"a": {"type": of}}} for of in ("string", "number")
    )
    old = world.publishes("desk@1", "pricing", [a_tool(input_schema=text)])
    new = world.publishes("desk@2", "pricing", [a_tool(input_schema=number)])
    key = ReportKey(old.publication.digest, new.publication.digest, Mode.FULL)
    with world.store.reading() as uow:
        known = reporting.read_reports(uow, [key])

    decided = reporting.compute_reports([key], known, {})[key]
    late = reporting.compute_reports([key], known, {}, seconds=0)[key]

    assert {finding.verdict for finding in decided.findings} == {"refuted"}
    assert {finding.verdict for finding in late.findings} == {"undecided"}
    assert decided.is_repeatable
    assert not late.is_repeatable


def the_report(world):
    comparison = publications.compare(world.store, "shop", "pricing", "1", "2")
    digests = (comparison.old.digest, comparison.new.digest)
    return ReportKey(*digests, Mode.GUIDE), comparison.report
