"""Commands that would resolve a reason, ready to paste; capitals stand for what only you know."""

from shlex import join

from broker.domain.can_i_deploy import Destination, ToEnvironment
from broker.domain.matrix import MatrixRow
from broker.domain.participant import VersionRef

_ANY_VERSION = "VERSION"
_RECORDED = ("--base-url", "URL", "--publish")  # only a result that is recorded resolves anything


def hint_to_publish(ref: VersionRef) -> str:
    """Publish what this version uses."""
    return join(("tally", "publish", "contracts/", "--version", ref.number))


def hint_to_verify_build(ref: VersionRef) -> str:
    """Run this build of a producer against all that its consumers rely on."""
    return join(
        ("tally", "verify", "--producer", ref.participant, "--version", ref.number, *_RECORDED)
    )


def hint_to_verify(row: MatrixRow) -> str:
    """Run the producer version of the row against what its consumer version published.

    The consumer's version is named: what stands on no branch that the producer looks at would not
    be fetched otherwise.
    """
    producer = ("--producer", row.producer, "--version", row.producer_version or _ANY_VERSION)
    consumer = ("--consumer", row.consumer.participant, "--consumer-version", row.consumer.number)
    return join(("tally", "verify", *producer, *consumer, *_RECORDED))


def hint_to_place(participant: str, destination: Destination) -> str:
    """Record where a version of the participant stands."""
    if isinstance(destination, ToEnvironment):
        who = ("--participant", participant, "--version", _ANY_VERSION)
        return join(("tally", "record-deployment", *who, "--environment", destination.name))
    who = ("--producer", participant, "--version", _ANY_VERSION)
    return join(("tally", "verify", *who, "--branch", "main", *_RECORDED))


def hint_to_publish_evidence(ref: VersionRef, kind: str) -> str:
    """Publish what a run of this kind found about the version."""
    version = ("--participant", ref.participant, "--version", ref.number)
    return join(("tally", "evidence", "publish", "FILE", *version, "--kind", kind))


def hint_to_ask_again(ref: VersionRef) -> str:
    """Ask with a destination."""
    version = ("--participant", ref.participant, "--version", ref.number)
    return join(("tally", "can-i-deploy", *version, "--to-main"))
