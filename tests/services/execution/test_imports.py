"""What a lane's interpreters have loaded is copied by every job: nothing large may come in by the way."""

import subprocess
import sys
from pathlib import Path

BOX = Path(__file__).parents[3] / "services" / "gradewire_services" / "execution"
LARGE = {"asyncio", "ssl", "logging", "subprocess", "shutil", "tempfile", "hashlib", "unittest", "email", "http"}


def test_the_box_loads_nothing_large():
    code = f"import sys; sys.path.append({str(BOX)!r}); from box import supervisor; print(*sys.modules)"
    told = subprocess.run([sys.executable, "-S", "-P", "-B", "-c", code], capture_output=True, text=True, check=True)
    assert not LARGE & set(told.stdout.split())
