"""`python -m gradewire_protos.conformance HOST:PORT`."""

import sys

from gradewire_protos.conformance.command import main

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
