"""The thin client: reward specs, their composition, the record, the command line."""
