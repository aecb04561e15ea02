"""The demo's data, by what it is about. `write_rows.py` beside this folder puts it into one file."""
