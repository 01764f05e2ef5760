"""What readers read in words: by appointment, how fresh it all is, how long something waits, and what a page is called elsewhere."""

import re
from datetime import UTC, datetime, timedelta
from html.parser import HTMLParser

import pytest
import time_machine
from django.urls import reverse

from initiatives.models import Initiative
from initiatives.views.moderate import PROMISED
from tests.factories.accounts import UserFactory
from tests.factories.areas import NeighbourhoodFactory
from tests.factories.initiatives import InitiativeFactory
from tests.initiatives.paper import Paper
from tests.sign_in import signed_in

pytestmark = pytest.mark.django_db
# 10.00 hours in Amsterdam; reckoned with in UTC, where every day has 24 hours
MONDAY = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
WEEK = {"week": [[0, 540, 1020]], "exceptions": []}


def read(client, address):
    """As a browser shows it: one space between words."""
    response = client.get(address)
    assert response.status_code == 200
    return " ".join(response.content.decode().replace("\N{NO-BREAK SPACE}", " ").split())


# --- By appointment


@time_machine.travel(MONDAY, tick=False)
def test_by_appointment_is_said_on_the_page_and_it_is_never_simply_open(client):
    place = InitiativeFactory(access="appointment", opening_hours=WEEK, created_at=MONDAY - timedelta(days=9))
    page = read(client, place.get_absolute_url())
    assert "<dd> Op afspraak </dd> <dd> bel of mail eerst </dd>" in page
    assert "Maak eerst een afspraak." in page
    assert "Alleen op afspraak. Op deze tijden is er iemand:" in page
    assert "Nu open" not in page
    Initiative.objects.filter(pk=place.pk).update(access="walk_in")
    page = read(client, place.get_absolute_url())
    assert "Op afspraak" not in page
    assert "Maak eerst een afspraak" not in page
    assert "U kunt zo binnenlopen" in page
    assert "Nu open" in page


def test_by_appointment_without_times_is_said_on_the_page(client):
    page = read(client, InitiativeFactory(access="appointment").get_absolute_url())
    assert "Op afspraak" in page
    assert "Maak eerst een afspraak." in page
    assert "Op deze tijden" not in page


def test_by_appointment_is_said_in_lists(client):
    place = InitiativeFactory(access="appointment", opening_hours=WEEK)
    for address in (reverse("map"), reverse("map_place", args=[place.pk]), reverse("area", args=[place.area.code]), "/"):
        assert "<p>Op afspraak</p>" in read(client, address), address
    Initiative.objects.filter(pk=place.pk).update(access="walk_in")
    assert "Op afspraak" not in read(client, reverse("map"))


def test_by_appointment_is_said_on_the_sheet_in_place_of_hours(client):
    place = InitiativeFactory(access="appointment", opening_hours=WEEK)

    def sheet():
        return Paper(client.get(reverse("area_sheet", args=[place.area.code])).content).text

    assert "Op afspraak" in sheet()
    assert "9.00 – 17.00" not in sheet()
    Initiative.objects.filter(pk=place.pk).update(access="walk_in")
    assert "maandag 9.00 – 17.00" in sheet()
    assert "Op afspraak" not in sheet()


# --- How fresh it is


@time_machine.travel(MONDAY, tick=False)
def test_when_it_was_last_confirmed_is_a_date_in_words(client):
    """By the clock here: in London it was still the day before."""
    confirmed = datetime(2026, 11, 1, 23, 30, tzinfo=UTC)
    place = InitiativeFactory(name="De Draad", created_at=confirmed - timedelta(days=30), confirmed_at=confirmed)
    assert "De Draad heeft deze pagina zelf nagekeken op <b>2 november 2026</b>." in read(client, place.get_absolute_url())


@time_machine.travel(MONDAY, tick=False)
@pytest.mark.parametrize(
    ("confirmed", "words"),
    [
        (
            MONDAY - timedelta(days=366),
            "De Draad heeft deze pagina nagekeken op <b>22 november 2025</b>. Dat is meer dan een jaar geleden.",
        ),
        (None, "De Draad heeft deze pagina langer dan een jaar niet nagekeken."),
    ],
)
def test_what_was_confirmed_too_long_ago_is_said_with_what_to_do(client, confirmed, words):
    place = InitiativeFactory(name="De Draad", created_at=MONDAY - timedelta(days=800), confirmed_at=confirmed)
    page = read(client, place.get_absolute_url())
    assert f"{words} Bel of mail voordat u gaat." in page
    assert "zelf nagekeken" not in page


@time_machine.travel(MONDAY, tick=False)
@pytest.mark.parametrize(("room", "words"), [("yes", "Ja, u kunt komen"), ("waiting_list", "Er is een wachtlijst"), ("no", "Nu niet")])
def test_room_is_said_with_the_date_on_which_they_said_so(client, room, words):
    said = MONDAY - timedelta(days=3)
    place = InitiativeFactory(created_at=MONDAY - timedelta(days=30), room=room, room_at=said)
    page = read(client, place.get_absolute_url())
    assert f"{words} </dd> <dd> gezegd op 20 november </dd>" in page
    with time_machine.travel(said + timedelta(days=31), tick=False):
        page = read(client, place.get_absolute_url())
    assert "gezegd op" not in page
    assert "Niet bekend </dd> <dd> vraag het hun </dd>" in page


# --- How long it waits


BAR = re.compile(r'<span class="(wait[^"]*)"> ?(.*?) ?</span> <progress class="(bar[^"]*)" max="100" value="(\d+)" aria-hidden="true">')


def waits(which):
    """(words, percent, late) of the only one in the list."""
    page = read(signed_in(UserFactory(coordinator=True)), f"{reverse('moderation_queue')}?lijst={which}")
    [(span, words, bar, percent)] = BAR.findall(page)
    late = "bar--late" in bar
    assert late == ("wait--ok" not in span), "the words and the bar say the same"
    return words, int(percent), late


@pytest.mark.parametrize(
    ("waited", "words", "percent", "late"),
    [
        (timedelta(seconds=20), "net binnen", 2, False),
        (timedelta(minutes=5), "wacht 5 minuten", 2, False),
        (timedelta(days=1, hours=2), "wacht 1 dag, 2 uur", 18, False),
        (PROMISED["new"], "wacht 3 dagen", 50, False),
        (PROMISED["new"] + timedelta(minutes=1), "wacht 3 dagen", 50, True),
        (timedelta(days=60), "wacht 1 maand, 4 weken", 100, True),
    ],
)
def test_a_new_one_waits_since_it_was_handed_in(waited, words, percent, late):
    handed_in = MONDAY - waited
    InitiativeFactory(submitted=True, created_at=handed_in - timedelta(hours=1), submitted_at=handed_in)
    with time_machine.travel(MONDAY, tick=False):
        assert waits("nieuw") == (words, percent, late)


@pytest.mark.parametrize(
    ("waited", "words", "percent", "late"),
    [
        (timedelta(days=366), "1 jaar niet nagekeken", 40, False),
        (PROMISED["stale"], "1 jaar, 2 maanden niet nagekeken", 50, False),
        (PROMISED["stale"] + timedelta(minutes=1), "1 jaar, 2 maanden niet nagekeken", 50, True),
        (timedelta(days=2000), "5 jaar, 5 maanden niet nagekeken", 100, True),
    ],
)
def test_a_silent_one_waits_since_it_was_last_confirmed(waited, words, percent, late):
    confirmed = MONDAY - waited
    InitiativeFactory(created_at=confirmed - timedelta(days=9), confirmed_at=confirmed)
    with time_machine.travel(MONDAY, tick=False):
        assert waits("stil") == (words, percent, late)


@pytest.mark.parametrize(
    ("waited", "words", "percent", "late"),
    [
        (timedelta(seconds=20), "net gewijzigd", 2, False),
        (timedelta(days=2), "2 dagen geleden gewijzigd", 7, False),
        (PROMISED["changed"], "2 weken geleden gewijzigd", 50, False),
        (PROMISED["changed"] + timedelta(days=1), "2 weken, 1 dag geleden gewijzigd", 54, True),
    ],
)
def test_a_changed_one_waits_since_the_first_change_nobody_looked_at(waited, words, percent, late):
    """When that was, PostgreSQL's clock says, which cannot be frozen: ours is set by it."""
    changed = InitiativeFactory(checked_revision=1, revision=2)
    began = changed.events.get(revision=2).pgh_created_at
    with time_machine.travel(began + waited, tick=False):
        assert waits("veranderd") == (words, percent, late)


# --- What a page is called in a list of results, in a tab and where it is shared


class Head(HTMLParser):
    """The title and the descriptions as a machine reads them."""

    def __init__(self, page):
        super().__init__()
        self.title, self.named, self.tags, self._inside = "", {}, [], False
        self.feed(page.partition("</head>")[0])

    def handle_starttag(self, tag, attrs):
        facts = dict(attrs)
        self.tags.append(tag)
        self._inside = tag == "title" or (self._inside and tag not in ("meta", "link"))
        if tag == "meta" and (name := facts.get("name") or facts.get("property")):
            self.named[name] = facts["content"]

    def handle_endtag(self, tag):
        self._inside = self._inside and tag != "title"

    def handle_data(self, data):
        self.title += data if self._inside else ""

    @property
    def said(self):
        return [" ".join(text.split()) for text in (self.title, self.named["description"])]


def head(client, address):
    return Head(client.get(address).content.decode())


def addresses(place):
    return [place.get_absolute_url(), reverse("area", args=[place.area.code]), f"{reverse('map')}?gebied={place.area.code}", reverse("map")]


def test_titles_and_descriptions_name_what_the_page_is_about_and_differ(client):
    place = InitiativeFactory(name="De Draad", summary="Samen naaien op dinsdag.", area__name="Dapperbuurt")
    other = InitiativeFactory(name="Het Hout", summary="Timmeren voor de buurt.", area__name="Javabuurt")
    heads = [head(client, address).said for address in addresses(place)]
    (title, description), area, map_of_area, whole_map = heads
    assert title.startswith("De Draad, Dapperbuurt – ")
    assert description == "Samen naaien op dinsdag."
    assert area[0].startswith("Wat er is in Dapperbuurt – ")
    assert area[1] == "Plekken en initiatieven in Dapperbuurt, en aan wie u iets kunt vragen."
    assert map_of_area[0].startswith("1 plek in Dapperbuurt – ")
    assert whole_map[0].startswith("2 plekken – ")
    assert len({each[0] for each in heads}) == len(heads), "no two tabs are called the same"
    assert len({each[1] for each in heads[:3]}) == 3
    for mine, theirs in zip(addresses(place)[:3], addresses(other)[:3], strict=True):
        assert head(client, mine).said[0] != head(client, theirs).said[0]
    for mine, theirs in zip(addresses(place)[:2], addresses(other)[:2], strict=True):
        assert head(client, mine).said[1] != head(client, theirs).said[1]


def test_a_name_that_looks_like_html_stays_a_name(client):
    evil = '<b>Draad</b> "><script>alert(1)</script> & zo'
    place = InitiativeFactory(name=evil, summary=f"Wij zijn {evil}.", area__name='<i>Buurt</i> " & zo')
    plain = InitiativeFactory(name="Draad", summary="Wij zijn Draad.", area__name="Buurt")
    profile, area, map_of_area = (head(client, address) for address in addresses(place)[:3])
    assert profile.said[0].startswith(f'{evil}, <i>Buurt</i> " & zo – ')
    assert profile.said[1] == f"Wij zijn {evil}."
    assert profile.named["og:title"] == evil
    assert area.said[0].startswith('Wat er is in <i>Buurt</i> " & zo – ')
    assert area.said[1].startswith('Plekken en initiatieven in <i>Buurt</i> " & zo, en')
    assert area.named["og:title"] == '<i>Buurt</i> " & zo'
    assert map_of_area.said[0].startswith('1 plek in <i>Buurt</i> " & zo – ')
    for odd, ordinary in zip((profile, area, map_of_area), addresses(plain)[:3], strict=True):
        assert odd.tags == head(client, ordinary).tags, "the head holds the same elements as for any other name"


def test_what_was_looked_for_is_words_in_the_title_too(client):
    page = client.get(reverse("map"), {"q": "<b>naaien</b>"}).content.decode()
    assert Head(page).said[0].startswith("Niets voor ‘<b>naaien</b>’ – ")
    assert "<b>naaien" not in page


def test_a_description_of_the_map_is_for_everybody(client):
    """Nothing of what somebody typed stands in it."""
    NeighbourhoodFactory()
    assert head(client, f"{reverse('map')}?q=geheim").said[1] == "Plekken en initiatieven in uw buurt, in een lijst en op een kaart."
