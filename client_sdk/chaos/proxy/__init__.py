"""The fault proxy: plain sockets, for clients in any language.

`toxics` says what can be wrong, `steps` what that does to a stream of bytes, `connection` carries
it out, `server` listens.
"""

from client_sdk.chaos.proxy.server import FaultProxy
from client_sdk.chaos.proxy.toxics import KINDS, Direction, Toxic, toxic_from_json, toxic_from_text

__all__ = ["KINDS", "Direction", "FaultProxy", "Toxic", "toxic_from_json", "toxic_from_text"]
