"""What the harness refuses, and what a playback finds wrong.

CassetteError                 (a TallyError and a RuntimeError)
├── CassetteInvalid           a file that is no cassette, or one of a later format
├── CassetteExpired           older than `max_age` allows
├── NoCassette                a call or a stop without a cassette, or a start inside another
├── NotRecordable             a key or host of production, or a secret that would be saved
├── NetworkBlocked            something opened a connection during playback
└── CassetteMismatch          (also an AssertionError) the test did not do what was recorded
    ├── CassetteExhausted     it made more calls than were recorded
    ├── CassetteUnused        it made fewer
    └── ContractMoved         what was recorded is no longer what the contract says
"""

from __future__ import annotations

from client_sdk.errors import TallyError


class CassetteError(TallyError, RuntimeError):
    """The root of what the harness raises by itself."""


class CassetteInvalid(CassetteError):
    """The file is no cassette; the message says where and what to do."""


class CassetteExpired(CassetteError):
    """The recording is older than it may be."""


class CassetteExpiredWarning(UserWarning):
    """The recording is older than it may be, and was played all the same."""


class NoCassette(CassetteError):
    """A cassette is needed and none is running, or one is running already."""


class NotRecordable(CassetteError):
    """Saving would put something into a file that must not stand there."""


class NetworkBlocked(CassetteError):
    """A connection was about to be opened while a cassette plays."""


class CassetteMismatch(CassetteError, AssertionError):
    """A call is not the recorded one; the message shows the nearest entry, field by field."""


class CassetteExhausted(CassetteMismatch):
    """There are more calls than entries."""


class CassetteUnused(CassetteMismatch):
    """There are entries that no call used."""


class ContractMoved(CassetteMismatch):
    """A recorded exchange breaks a contract of today, or no contract covers it."""
