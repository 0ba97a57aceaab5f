"""Commands that would resolve a reason, ready to paste into a shell."""

from shlex import join

from broker.domain.can_i_deploy import Destination, ToEnvironment
from broker.domain.matrix import MatrixRow
from broker.domain.participant import VersionRef


def hint_to_publish(ref: VersionRef) -> str:
    """Publish what this version uses."""
    version = ("--participant", ref.participant, "--version", ref.number)
    return join(("tally", "publish", "contracts/", *version))


def hint_to_verify(row: MatrixRow) -> str:
    """Run the producer version of the row against the content of its consumer."""
    version = ("--version", row.producer_version) if row.producer_version else ()
    pair = ("--producer", row.producer, *version, "--consumer", row.consumer.participant)
    return join(("tally", "verify", *pair))


def hint_to_place(participant: str, destination: Destination) -> str:
    """Record where a version of the participant stands."""
    if isinstance(destination, ToEnvironment):
        place = ("--environment", destination.name)
        return join(("tally", "record-deployment", "--participant", participant, *place))
    return join(("tally", "verify", "--producer", participant, "--branch", "main"))


def hint_to_ask_again(ref: VersionRef) -> str:
    """Ask with a destination."""
    version = ("--participant", ref.participant, "--version", ref.number)
    return join(("tally", "can-i-deploy", *version, "--to-main"))
