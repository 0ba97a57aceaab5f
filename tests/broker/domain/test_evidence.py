"""The digest of a piece of evidence."""

from broker.domain.evidence import Verdict, evidence_digest
from broker.domain.participant import VersionRef

SHOP = VersionRef("shop", "1")


def test_the_digest_of_evidence_is_the_sha256_of_its_canonical_json():
    digest = evidence_digest(SHOP, "chaos", Verdict.PASS, {"b": 1, "a": [True]})

    assert digest == "sha256:d7a87c149fd60d2498b264827d7080364808224a593f8fc9a433557fa9c0615c"


def test_the_digest_covers_every_part_and_no_order_of_members():
    digests = {
        evidence_digest(SHOP, "chaos", Verdict.PASS, {"a": 1, "b": 2}),
        evidence_digest(SHOP, "chaos", Verdict.PASS, {"b": 2, "a": 1}),
        evidence_digest(SHOP, "chaos", Verdict.FAIL, {"a": 1, "b": 2}),
        evidence_digest(SHOP, "bench", Verdict.PASS, {"a": 1, "b": 2}),
        evidence_digest(VersionRef("shop", "2"), "chaos", Verdict.PASS, {"a": 1, "b": 2}),
        evidence_digest(VersionRef("web", "1"), "chaos", Verdict.PASS, {"a": 1, "b": 2}),
        evidence_digest(SHOP, "chaos", Verdict.PASS, {"a": 1}),
    }

    assert len(digests) == 6
