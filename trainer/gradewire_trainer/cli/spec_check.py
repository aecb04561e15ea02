"""`gradewire spec check`: a spec's file, read as grading would read it."""

from pathlib import Path

from gradewire_trainer.cli.tree import outline
from gradewire_trainer.spec import RewardSpec


def check(file: Path) -> int:
    """Print the tree and what it asks. Raises SpecError."""
    spec = RewardSpec.load(file)
    print("\n".join(outline(spec)))
    asked = len({leaf.key for leaf in spec.leaves})
    print(f"{file}: fine. {len(spec.nodes)} nodes ask {asked} graders; scope {spec.scope}; digest {spec.digest}")
    return 0
