import pytest
from django.template import Context, Template

from fieldlab.lib.templatetags import look

NBSP = "\N{NO-BREAK SPACE}"


def render(text, **context):
    return Template("{% load look %}" + text).render(Context(context))


def test_cover_is_a_picture_that_waits_until_it_is_in_view():
    html = render('{% cover "cooperative" "garden" name title="A garden" %}', name="tuin-achter-twaalf")
    assert 'class="cover"' in html
    assert 'loading="lazy"' in html
    assert 'alt="A garden"' in html
    assert 'width="320"' in html
    assert "tuin-achter-twaalf" not in html
    assert html == render('{% cover "cooperative" "garden" name title="A garden" %}', name="tuin-achter-twaalf")


def test_wide_cover_has_its_title_or_is_silent():
    assert 'role="img" aria-label="De &lt;Draad&gt;"' in render(
        '{% wide_cover "cooperative" "sewing" "x" title=title %}', title="De <Draad>"
    )
    assert 'aria-hidden="true"' in render('{% wide_cover "cooperative" "sewing" "x" %}')


def test_a_glyph_takes_only_a_number():
    assert ">12</text>" in render('{% kind_glyph "cooperative" 12 %}')
    with pytest.raises(ValueError, match="invalid literal"):
        render('{% kind_glyph "cooperative" number %}', number="<b>")


@pytest.mark.parametrize(
    ("typed", "shown"),
    [("0200000123", "020 000 01 23"), ("+31612345678", "06 12 34 56 78"), ("+31200000456", "020 000 04 56"), ("", ""), ("none", "none")],
)
def test_telephone_numbers_are_grouped_and_held_together(typed, shown):
    assert look.phone(typed) == shown.replace(" ", NBSP)


def test_a_foreign_number_reads_left_to_right_in_arabic_too():
    assert look.phone("+32 2 123 45 67").startswith("\N{LEFT-TO-RIGHT MARK}+32")


def test_a_telephone_link_is_digits():
    assert look.tel("020 000 01 23") == "0200000123"
    assert look.tel("+31 20 000 01 23") == "+31200000123"


def test_a_postcode_stays_on_one_line():
    assert look.unbroken("Javastraat 112, 1094 HP Amsterdam") == "Javastraat 112, 1094\N{NO-BREAK SPACE}HP Amsterdam"
    assert look.unbroken(None) == ""
