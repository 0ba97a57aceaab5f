"""An agent that pays for work through an escrow."""

from buyer.agent import Buyer, NotPaid

__all__ = ["Buyer", "NotPaid"]
