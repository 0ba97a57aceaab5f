"""What the SDK raises.

TallyError
├── SettingsFault      an address, token or option that cannot be used
├── Unreachable        the broker or the target did not answer in time
└── BrokerRefused      the broker answered with a problem
"""


class TallyError(Exception):
    """The root of everything the SDK raises besides the kernel's own refusals."""


class SettingsFault(TallyError):
    """A setting is missing or cannot be used; the message says which and what to do."""


class Unreachable(TallyError):
    """Nothing answered in time; the message names the address and the cause."""


class BrokerRefused(TallyError):
    """The broker answered with a problem: `status`, stable `code`, `detail` and all faults."""

    def __init__(
        self,
        status: int,
        code: str,
        detail: str,
        *,
        faults: tuple[tuple[str, str], ...] = (),
        request_id: str | None = None,
    ) -> None:
        super().__init__(f"{status} {code}: {detail}")
        self.status = status
        self.code = code
        self.detail = detail
        self.faults = faults
        self.request_id = request_id
