"""Cut paper: well-formed, the same for the same name, light on the wire, and there for every kind and activity."""

import io
import re
import subprocess
import sys
from itertools import product
from xml.etree import ElementTree

import pytest
from PIL import Image

from fieldlab.lib.look import glyphs, photos, scenes, street, wide
from fieldlab.lib.look.paper import PALETTES
from initiatives.models import Activity, Kind

PAIRS = list(product(PALETTES, scenes.SCENES))


def test_every_kind_and_activity_has_its_paper():
    assert set(PALETTES) == set(street.FACADES) == {str(kind) for kind in Kind}
    assert set(scenes.SCENES) == set(wide.BANDS) == {str(activity) for activity in Activity}


@pytest.mark.parametrize(("kind", "activity"), PAIRS)
def test_a_cover_is_well_formed_and_light(kind, activity):
    for seed in ("cover-0", "cover-7", "Naaiatelier De Draad"):
        svg = scenes.cover(kind, activity, seed)
        assert ElementTree.fromstring(svg).tag == "{http://www.w3.org/2000/svg}svg"
        assert 900 <= len(svg) <= 4800, len(svg)
        assert "nan" not in svg
        assert "style=" not in svg


@pytest.mark.parametrize(("kind", "activity"), PAIRS)
def test_a_wide_cover_is_well_formed_and_light(kind, activity):
    svg = wide.wide_cover(kind, activity, "cover-3")
    ElementTree.fromstring(svg)
    assert len(svg) <= 10_000, len(svg)
    assert "style=" not in svg


@pytest.mark.parametrize("kind", PALETTES)
def test_small_signs_are_well_formed(kind):
    for svg in (
        street.facade(kind),
        glyphs.kind_glyph(kind),
        glyphs.kind_glyph(kind, "12"),
        glyphs.mark(),
        *map(street.spot, street.SPOTS),
    ):
        assert ElementTree.fromstring(svg).get("aria-hidden") == "true"
        assert len(svg) < 4000


def test_the_same_name_gives_the_same_picture_in_every_process():
    draw = "from fieldlab.lib.look.scenes import cover; print(cover('cooperative', 'garden', 'Tuin Achter Twaalf'))"
    elsewhere = subprocess.run([sys.executable, "-c", draw], capture_output=True, text=True, check=True, env={"PYTHONHASHSEED": "random"})
    assert elsewhere.stdout.strip() == scenes.cover("cooperative", "garden", "Tuin Achter Twaalf")


def test_two_names_are_cut_differently():
    assert scenes.cover("cooperative", "garden", "a") != scenes.cover("cooperative", "garden", "b")


@pytest.mark.parametrize(("kind", "activity"), PAIRS)
def test_two_that_stand_side_by_side_are_not_the_same_picture(kind, activity):
    """The order of the papers tells pictures apart better than the cuts, which always differ."""
    papers = [tuple(re.findall(r'"(#[0-9a-f]{3,6}|matrix)', scenes.cover(kind, activity, f"cover-{i}"))) for i in range(40)]
    assert len(set(papers)) >= 24
    assert all(len(scenes.cover(kind, activity, f"cover-{i}")) <= 4900 for i in range(40))


def test_what_is_read_from_left_to_right_is_never_turned_round():
    covers = [scenes.cover("cooperative", "language", f"cover-{i}") for i in range(64)]
    cards = [svg for svg in covers if "M22 88L44 24" in svg]
    assert cards
    assert not any("matrix(-1" in svg for svg in cards)
    assert any("matrix(-1" in svg for svg in covers)


def test_a_photo_of_paper_is_a_photo():
    photo = photos.drawn_photo("cooperative", "garden", "a")
    assert Image.open(io.BytesIO(photo)).size == (1280, 800)
    assert photo == photos.drawn_photo("cooperative", "garden", "a")


def test_an_icon_that_does_not_exist_names_its_neighbours():
    with pytest.raises(glyphs.NoSuchIconError, match="phone"):
        glyphs.icon("phonne")


def test_arrows_turn_round_in_right_to_left():
    assert 'class="ic flip"' in glyphs.icon("arrow-right")
    assert 'class="ic"' in glyphs.icon("phone")
