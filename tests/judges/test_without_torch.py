"""What works without a model's packages, and what is said where they are missing."""

import subprocess
import sys
from pathlib import Path

_HEAVY = ("torch", "transformers", "tokenizers", "numpy")


def _run(code: str) -> str:
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=120).stdout


def test_importing_the_package_imports_nothing_heavy() -> None:
    code = f"import sys, gradewire_judges.defences; print([m for m in {_HEAVY} if m in sys.modules])"
    assert _run(code).strip() == "[]"


def test_rules_and_cards_run_where_nothing_heavy_can_be_imported() -> None:
    code = f"""
import sys
for name in {_HEAVY}: sys.modules[name] = None
from gradewire_judges import *
[verdict] = Judge.open("rules").judge([JudgeRequest(id="1", response="")])
print(verdict.reason, load_card("equivalence").mode)
"""
    assert _run(code).strip() == "empty_response labels"


def test_a_missing_backend_names_what_to_install(tmp_path: Path) -> None:
    for name in ("config.json", "tokenizer.json", "model.safetensors"):
        (tmp_path / name).write_text("{}")
    code = f"""
import sys
for name in {_HEAVY}: sys.modules[name] = None
from pathlib import Path
from gradewire_judges import *
try: Judge.open("equivalence", model_dir=Path({str(tmp_path)!r}))
except BackendMissing as error: print(error.reason, error)
"""
    said = _run(code)
    assert said.startswith("backend_missing card equivalence needs torch")
    assert "pip install 'gradewire-judges[transformers]'" in said


def test_the_fixture_script_says_so_too(tmp_path: Path) -> None:
    code = f"""
import sys
sys.modules["torch"] = None
sys.stderr = sys.stdout
from gradewire_judges.fixture import main
print(main(["--out", {str(tmp_path)!r}]))
"""
    said, code = _run(code).splitlines()
    assert "pip install 'gradewire-judges[transformers]'" in said
    assert code == "2"
