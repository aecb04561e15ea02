"""Python as a tool of a multi-turn policy: open a session, run cells in it, close it, grade what came of it.

with Sessions() as sessions, sessions.open() as session:
    shown = session.run("total = sum(range(10))\\ntotal").text
"""

from gradewire_trainer.sessions.result import CellOutcome, CellResult
from gradewire_trainer.sessions.session import Session
from gradewire_trainer.sessions.sessions import SessionLimits, Sessions

__all__ = ["CellOutcome", "CellResult", "Session", "SessionLimits", "Sessions"]
