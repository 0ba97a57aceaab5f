"""The fake store's port for evidence."""

from dataclasses import replace

from fake_nouns import Port
from fake_state import page_of


class FakeEvidenceRecords(Port):
    def add(self, evidence):
        for each in self.state.evidence:
            if each.about.digest == evidence.about.digest:
                return each, False
        about = replace(evidence.about, id=next(self.state.ids))
        stored = replace(evidence, about=about)
        self.state.evidence.append(stored)
        return stored, True

    def get(self, identifier):
        return next((e for e in self.state.evidence if e.about.id == identifier), None)

    def latest(self, versions, kinds=None):
        asked = {self.state.ref(ref) for ref in versions}
        found = {
            (each.about.ref, each.about.kind): each.about
            for each in self.state.evidence
            if each.about.ref in asked and (kinds is None or each.about.kind in kinds)
        }
        return tuple(sorted(found.values(), key=lambda about: about.id))

    def page(self, page, query):
        s = self.state
        found = [
            each
            for each in s.evidence
            if s.spelled(query.participant or each.about.participant) == each.about.participant
            and query.version in (None, each.about.version)
            and query.kind in (None, each.about.kind)
        ]
        return page_of(found, page, lambda each: (each.about.id,), descending=True)
