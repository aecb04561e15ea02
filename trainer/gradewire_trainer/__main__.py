"""`python -m gradewire_trainer`: the `gradewire` command where its script is not on the path."""

import sys

from gradewire_trainer.cli import main

sys.exit(main())
