"""A field is label, help, error, control, in this order, tied together for whoever listens to the page."""

import re

import pytest
from django import forms
from django.template.loader import render_to_string
from django.utils.html import strip_tags


class PlaceForm(forms.Form):
    postcode = forms.CharField(label="Postcode", help_text="So we put you in the right place.", error_messages={"required": "Type it."})
    walk_in = forms.ChoiceField(
        label="Can people walk in?",
        choices=[("yes", "Yes"), ("no", "No")],
        widget=forms.RadioSelect,
        help_text="Choose one.",
        error_messages={"required": "Choose an answer."},
    )
    story = forms.CharField(label="More", widget=forms.Textarea, required=False)
    kind = forms.ChoiceField(label="Kind", choices=[("a", "A")], widget=forms.Select(attrs={"class": "in--s"}))
    public = forms.BooleanField(label="Everybody may see it", help_text="On the map.", error_messages={"required": "Tick it."})
    key = forms.CharField(widget=forms.HiddenInput, required=False)


def group(field):
    return re.sub(r"\s+", " ", field.as_field_group())


def in_order(html, *parts):
    places = [html.index(part) for part in parts]
    assert places == sorted(places), dict(zip(parts, places, strict=True))


@pytest.fixture
def form():
    return PlaceForm({})


def test_label_help_error_control_in_this_order(form):
    html = group(form["postcode"])
    in_order(html, 'class="field field--bad"', '<label class="lab" for="id_postcode"', "So we put you", "Type it.", "<input")
    assert 'aria-invalid="true"' in html
    assert 'aria-describedby="id_postcode_helptext id_postcode_error"' in html
    assert 'id="id_postcode_helptext"' in html
    assert 'id="id_postcode_error"' in html
    assert 'class="in"' in html


def test_choices_are_a_fieldset_with_a_legend(form):
    html = group(form["walk_in"])
    in_order(html, "<fieldset", '<legend class="lab"', "Choose one.", "Choose an answer.", 'class="pick"', 'type="radio"')
    assert 'aria-describedby="id_walk_in_helptext id_walk_in_error"' in html
    assert html.count("<label") == 2


def test_a_single_tick_stands_before_its_words(form):
    html = group(form["public"])
    in_order(html, "Tick it.", 'type="checkbox"', "Everybody may see it", "On the map.")
    assert 'id="id_public_helptext"' in html
    assert html.count("Everybody may see it") == 1


def test_what_is_not_required_says_so(form):
    assert group(form["story"]).count('class="opt"') == 1
    assert 'class="opt"' not in group(form["postcode"])


def test_a_widget_keeps_its_own_class(form):
    assert 'class="in in--s"' in str(form["kind"])
    assert 'class="in"' in str(form["story"])
    assert "class" not in str(form["key"])


def test_hostile_labels_and_values_are_escaped():
    form = PlaceForm({"postcode": '"><script>alert(1)</script>'})
    form.fields["postcode"].label = "<b>Postcode</b>"
    html = group(form["postcode"])
    assert "<script>" not in html
    assert "<b>" not in html


def test_the_summary_counts_and_links_to_the_controls(form):
    form.add_error(None, "These do not go together.")
    html = render_to_string("components/error_summary.html", {"form": form})
    assert html.count("<li>") == 5
    links = re.findall(r'href="#([^"]+)"', html)
    assert links == ["id_postcode", "id_walk_in_0", "id_kind", "id_public"]
    assert 'tabindex="-1"' in html
    page = "".join(str(field) for field in form)
    assert all(f'id="{target}"' in page for target in links)
    assert "These do not go together." in strip_tags(html)


def test_no_summary_where_nothing_is_wrong():
    assert render_to_string("components/error_summary.html", {"form": PlaceForm()}).strip() == ""
