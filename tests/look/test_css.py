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


TEMPLATES = ROOT / "templates"
# No resident comes there
READ_AT_WORK = ("initiatives/moderate/", "participants/day/", "participants/agenda/")
EVERYWHERE = re.findall(r"css/([\w-]+\.css)", (TEMPLATES / "components" / "styles.html").read_text())


def loaded_by(name):
    """The sheets that a template names, itself or through what it extends and includes."""
    text = re.sub(r"{#.*?#}", "", (TEMPLATES / name).read_text())
    others = re.findall(r"{%\s*(?:extends|include)\s+\"([^\"]+\.html)\"", text)
    return set(re.findall(r"css/([\w-]+\.css)", text)).union(*(loaded_by(other) for other in others if (TEMPLATES / other).exists()))


def test_what_a_page_of_a_resident_loads_stays_under_30_kilobytes():
    """`desk.css` comes besides, on the pages of people who work here."""
    sizes = {sheet.name: sheet.stat().st_size for sheet in SHEETS}
    pages = {str(path.relative_to(TEMPLATES)) for path in TEMPLATES.rglob("*.html")}
    loads = {page: loaded_by(page) for page in pages}
    assert set(sizes) == set().union(*loads.values()), "a sheet that no page loads"
    for page, sheets in loads.items():
        if not page.startswith(READ_AT_WORK):
            assert sum(sizes[sheet] for sheet in {*EVERYWHERE, *sheets} - {"desk.css"}) < 30_000, (page, sizes)
    assert sizes["desk.css"] < 8_000


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
