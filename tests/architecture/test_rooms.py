"""Whoever knows one app knows all: the same rooms in each, and no other door between code and page."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
APPS = ["initiatives", "participants", "workshops", "challenge"]
GROUND_FLOOR = ["fieldlab/areas", "fieldlab/accounts", "fieldlab/audit", "fieldlab/outbox", "fieldlab/figures"]
# Mail programs read styles inside the letter only.
TEMPLATES = sorted(path for path in (ROOT / "templates").rglob("*.html") if path.parent.name != "mail")
PYTHON = [path for package in ("fieldlab", *APPS) for path in (ROOT / package).rglob("*.py")]


@pytest.mark.parametrize("app", [*APPS, *GROUND_FLOOR])
def test_an_app_says_what_it_is_for(app):
    readme = ROOT / app / "README.md"
    assert readme.exists(), f"{app} has no README.md: purpose, roles, invariants"
    assert len(readme.read_text().splitlines()) <= 80, "one page"


@pytest.mark.parametrize("app", APPS)
def test_every_app_stands_on_models_and_permissions(app):
    present = {path.stem for path in (ROOT / app).iterdir()}
    assert {"apps", "models", "permissions", "migrations"} <= present


@pytest.mark.parametrize("word", ["utils", "helpers", "common", "misc", "signals", "admin"])
def test_no_room_without_a_purpose(word):
    assert not [path for path in PYTHON if word in (path.stem, path.parent.name)]


def test_templates_keep_to_the_content_policy():
    """No inline style, no inline handler, no script but a file's with the page's nonce, or data."""
    faults = []
    for path in TEMPLATES:
        text = path.read_text()
        scripts = [tag for tag in re.findall(r"<script[^>]*>", text) if "application/" not in tag]
        found = re.findall(r"\s(?:style|on[a-z]+|(?:data-)?hx-on[:a-z-]*)=|<style", text)
        found += [tag for tag in scripts if "src=" not in tag or "nonce=" not in tag]
        faults += [f"{path.relative_to(ROOT)}: {hit.strip()}" for hit in found]
    assert faults == []


def test_no_import_inside_a_function_to_dodge_the_staircase():
    """Only where the module says why: the line carries a comment."""
    faults = []
    for path in PYTHON:
        if "migrations" in path.parts:
            continue
        text = path.read_text()
        lines = text.splitlines()
        functions = [node for node in ast.walk(ast.parse(text)) if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))]
        for node in (node for function in functions for node in ast.walk(function) if isinstance(node, ast.ImportFrom)):
            line = lines[node.lineno - 1]
            if (node.module or "").split(".")[0] in {"fieldlab", *APPS} and "#" not in line:
                faults.append(f"{path.relative_to(ROOT)}:{node.lineno} {line.strip()}")
    assert faults == []


def test_no_receivers_of_signals_between_our_apps():
    faults = [str(path) for path in PYTHON if re.search(r"(pre|post)_(save|delete)\b", path.read_text())]
    assert faults == []


def test_readme_explains_every_setting_of_the_environment():
    readme, settings = (ROOT / "README.md").read_text(), (ROOT / "fieldlab" / "settings.py").read_text()
    names = set(re.findall(r'env(?:\.\w+)?\(\s*"([A-Z_]+)"', settings))
    assert names, "the pattern no longer finds them"
    assert sorted(name for name in names if name not in readme) == []
