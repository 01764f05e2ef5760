"""Which way calls run, held by import-linter; its contracts stand in pyproject.toml."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
PACKAGES = ["fieldlab", "initiatives", "participants", "workshops", "challenge"]


def lint_imports(folder: Path) -> tuple[bool, str]:
    command = [Path(sys.executable).parent / "lint-imports", "--no-cache", "--config", "pyproject.toml"]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False, timeout=120)
    return done.returncode == 0, done.stdout + done.stderr


def test_the_contracts_hold():
    kept, report = lint_imports(ROOT)
    assert kept, report


@pytest.mark.parametrize(
    ("where", "line", "contract"),
    [
        ("fieldlab/lib/geo.py", "import fieldlab.accounts.models", "The staircase"),
        ("fieldlab/newcomer.py", "", "Every room of the ground floor"),
        ("initiatives/models.py", "import initiatives.actions", "Within an app"),
        ("challenge/models.py", "import participants.models", "The challenge never reads participants"),
        ("workshops/forms.py", "import initiatives.notifications", "Others see of initiatives only"),
    ],
)
def test_each_contract_can_fail(tmp_path, where, line, contract):
    for package in PACKAGES:
        shutil.copytree(ROOT / package, tmp_path / package, ignore=shutil.ignore_patterns("__pycache__", "*.json"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    with (tmp_path / where).open("a") as module:
        module.write(f"\n{line}\n")
    kept, report = lint_imports(tmp_path)
    broken = [row for row in report.splitlines() if row.rstrip().endswith("BROKEN") or row.startswith(contract)]
    assert not kept
    assert any(row.startswith(contract) for row in broken), report
