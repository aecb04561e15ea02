"""Backends: one file each. Importing this package imports none of them, and so no torch."""
