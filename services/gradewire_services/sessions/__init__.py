"""SessionService: Python that keeps its state from cell to cell.

front    in the server's process: starts the host when the first session is opened, hands calls over, notices its end
host     a process of its own: a thread for each call under way
keeper   the sessions that are open: ids, room, idle time, tombstones
lanes    the boxes they live in, one each, kept warm when they are free
messages the wire's words and the engine's, into each other

Sessions are no work for the worker processes of `pool`: those are killed when a sample's time is over.
"""
