"""Gradewire's servers: one core for every grader, worker processes behind it, and the adapters of our own engines.

`grader.py` is how a grader is written, `errors.py` what can go wrong, `server.py` what a process serves.
"""
