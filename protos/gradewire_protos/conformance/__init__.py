"""Does a service keep the contract? `gradewire conformance HOST:PORT`, or `python -m gradewire_protos.conformance`.

It asks as a client would, also badly, and says a line a check. What it does not judge is whether the grades are right.
"""

from gradewire_protos.conformance.command import main, run
from gradewire_protos.conformance.session import Failed, Found, Session, Skipped

__all__ = ["Failed", "Found", "Session", "Skipped", "main", "run"]
