"""The sign of a kind: told by its shape as well as by its colour, and everywhere the same."""

import re
from xml.etree import ElementTree

import pytest
from django.urls import reverse

from fieldlab.lib.look.glyphs import kind_glyph
from initiatives.models import Kind
from tests.factories.areas import NeighbourhoodFactory
from tests.factories.initiatives import InitiativeFactory

GLYPH = re.compile(r'<svg class="glyph".*?</svg>', re.DOTALL)


def sign(drawn):
    """(what is drawn, its colour); a number upon it and its edge do not count."""
    group = ElementTree.fromstring(drawn).find("g")
    [shape] = group
    return (shape.tag, *sorted(shape.attrib.items())), group.get("fill")


def first_after(page, mark):
    return sign(GLYPH.search(page, page.index(mark))[0])


def test_six_kinds_have_six_shapes_and_six_colours():
    signs = [sign(kind_glyph(kind)) for kind in Kind.values]
    assert len(Kind.values) == 6
    assert len({shape for shape, _colour in signs}) == 6
    assert len({colour for _shape, colour in signs}) == 6


def test_a_number_changes_neither_shape_nor_colour():
    for kind in Kind.values:
        assert sign(kind_glyph(kind, "12")) == sign(kind_glyph(kind))
        assert ">12</text>" in kind_glyph(kind, "12")


@pytest.mark.django_db
@pytest.mark.parametrize("kind", Kind.values)
def test_a_place_has_the_same_sign_in_the_list_on_its_page_and_on_its_card(client, kind):
    area = NeighbourhoodFactory()
    other = next(each for each in Kind.values if each != kind)
    place = InitiativeFactory(area=area, kind=kind, name="Een")
    InitiativeFactory(area=area, kind=other, name="Twee")

    def page(address):
        return client.get(address).content.decode()

    link = f'href="{place.get_absolute_url()}"'
    own = page(place.get_absolute_url())
    area_page = page(reverse("area", args=[area.code]))
    card = next(each for each in area_page.split('<article class="card">')[1:] if link in each)
    assert {
        "list": first_after(page(reverse("map")), f'<li data-key="{place.pk}"'),
        "beside the map": first_after(page(f"/kaart/plek/{place.pk}/"), "<li"),
        "profile": first_after(own, 'class="tied"'),
        "on the map of the profile": first_after(own, "<template>"),
        "card": first_after(card, 'class="tied"'),
    } == dict.fromkeys(["list", "beside the map", "profile", "on the map of the profile", "card"], sign(kind_glyph(kind)))
