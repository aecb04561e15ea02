"""The record of a run: Parquet files, a summary, a picture. Needs the extra `gradewire-trainer[record]`."""

from gradewire_trainer.record.columns import reward_of, sample_of
from gradewire_trainer.record.parts import part_files, read_rows, read_spec
from gradewire_trainer.record.record import Record
from gradewire_trainer.record.summary import summarise

__all__ = ["Record", "part_files", "read_rows", "read_spec", "reward_of", "sample_of", "summarise"]
