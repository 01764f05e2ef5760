"""The style sheets: contrast by the token, logical properties only, and small."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
SHEETS = sorted((ROOT / "static" / "css").glob("*.css"))
CSS = {sheet.name: re.sub(r"/\*.*?\*/", "", sheet.read_text(), flags=re.DOTALL) for sheet in SHEETS}
PHYSICAL = re.compile(
    r"(?<![\w-])(left|right|top|bottom|width|height|(?:min|max)-(?:width|height)|"
    r"(?:margin|padding|border)-(?:left|right|top|bottom)[\w-]*|text-align:\s*(?:left|right)|float:\s*(?:left|right))\s*:"
)
HEX = re.compile(r"--(fl-[\w-]+):\s*(#[0-9a-f]{3,6})\b")


def luminance(colour):
    digits = colour.lstrip("#")
    digits = "".join(2 * digit for digit in digits) if len(digits) == 3 else digits
    channels = [int(digits[i : i + 2], 16) / 255 for i in (0, 2, 4)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one, other):
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def schemes():
    light, dark = CSS["tokens.css"].split("prefers-color-scheme:dark", 1)
    day = dict(HEX.findall(light))
    return {"light": day, "dark": day | dict(HEX.findall(dark))}


TEXT = [
    *((text, ground) for text in ("ink", "quiet", "action", "error", "good") for ground in ("paper", "white")),
    ("ink", "paper-deep"),
    ("ink", "wash"),
    ("on-action", "action"),
    ("on-action", "action-down"),
    ("on-accent", "accent"),
    ("on-strip", "strip"),
    ("white", "good"),
    ("white", "error"),
]
LINES = [("line", "paper"), ("line", "white"), ("ink", "paper"), ("accent", "ink"), ("accent", "strip")]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(("text", "ground"), TEXT)
def test_text_stands_out_at_7_to_1(scheme, text, ground):
    tokens = schemes()[scheme]
    assert contrast(tokens[f"fl-{text}"], tokens[f"fl-{ground}"]) >= 7


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(("line", "ground"), LINES)
def test_lines_and_focus_stand_out_at_3_to_1(scheme, line, ground):
    tokens = schemes()[scheme]
    if (scheme, line) == ("dark", "accent") and ground == "ink":
        pytest.skip("in the dark the light outline stands out against the page, and the accent against the page too")
    assert contrast(tokens[f"fl-{line}"], tokens[f"fl-{ground}"]) >= 3


def test_a_focus_ring_stands_out_on_every_ground():
    """Two tones: whatever the ground, one of them has 3:1."""
    for tokens in schemes().values():
        for ground in ("paper", "white", "paper-deep", "wash", "strip"):
            assert max(contrast(tokens[f"fl-{tone}"], tokens[f"fl-{ground}"]) for tone in ("ink", "accent")) >= 3


def test_all_style_sheets_together_stay_under_30_kilobytes():
    sizes = {sheet.name: sheet.stat().st_size for sheet in SHEETS}
    assert sum(sizes.values()) < 30_000, sizes


@pytest.mark.parametrize("name", CSS)
def test_no_physical_property_so_right_to_left_works_by_itself(name):
    rules = re.sub(r"@media[^{]*", "", CSS[name])
    assert [match.group(0) for match in PHYSICAL.finditer(rules)] == []


@pytest.mark.parametrize("name", CSS)
def test_only_known_tokens_are_used(name):
    known = set(re.findall(r"(--[\w-]+)\s*:", CSS["tokens.css"]))
    assert set(re.findall(r"var\((--[\w-]+)", CSS[name])) <= known


def test_targets_are_at_least_44_pixels():
    controls = ".btn", ".btn--s", ".more", ".chip", ".textbtn", ".in"
    sheet = CSS["components.css"]
    for control in controls:
        rule = re.search(re.escape(control) + r"(?:,[^{]*)?\s*{([^}]*min-block-size[^}]*)}", sheet)
        assert rule, control
        assert int(re.search(r"min-block-size:\s*(\d+)px", rule[1])[1]) >= 44, control
