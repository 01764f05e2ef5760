"""Every template in the checkout: nothing inline that the content security policy would refuse, icons and classes that exist."""

import re
from pathlib import Path

import pytest

from fieldlab.lib.look import glyphs, street

ROOT = Path(__file__).resolve().parent.parent.parent
TEMPLATES = sorted(path for path in (ROOT / "templates").rglob("*.html") if "mail" not in path.relative_to(ROOT).parts)
IDS = [str(path.relative_to(ROOT / "templates")) for path in TEMPLATES]
CSS = "".join(path.read_text() for path in (ROOT / "static" / "css").glob("*.css"))
DEFINED = set(re.findall(r"\.([a-z][\w-]*)", CSS))


@pytest.mark.parametrize("path", TEMPLATES, ids=IDS)
def test_nothing_inline(path):
    text = path.read_text()
    assert not re.search(r"\sstyle\s*=|<style\b|\son[a-z]+\s*=\s*[\"']|javascript:", text)
    for script in re.findall(r"<script\b([^>]*)>", text):
        assert "src=" in script or 'type="application/json"' in script
        assert "nonce=" in script or "json" in script


@pytest.mark.parametrize("path", TEMPLATES, ids=IDS)
def test_icons_and_spots_exist(path):
    text = path.read_text()
    for name in re.findall(r"{%\s*icon \"([^\"]+)\"", text):
        glyphs.icon(name)
    assert set(re.findall(r"{%\s*spot \"([^\"]+)\"|\bspot=\"([^\"]+)\"", text)) <= {(s, "") for s in street.SPOTS} | {
        ("", s) for s in street.SPOTS
    }


@pytest.mark.parametrize("path", TEMPLATES, ids=IDS)
def test_classes_are_in_the_style_sheets(path):
    used = set()
    for value in re.findall(r"\sclass=\"((?:{%.*?%}|{{.*?}}|[^\"])*)\"", path.read_text()):
        used |= set(re.sub(r"{%.*?%}|{{.*?}}", " ", value).split())
    assert {name for name in used if re.fullmatch(r"[a-z][a-z0-9-]*(__[a-z]+)?(--[a-z0-9]+)?", name)} <= DEFINED | {"desk"}
