"""What a place offers is found by a word of its name, as somebody types it; also when it is spelt wrong."""

import re

import pytest
from django.urls import reverse

from initiatives.models import Offer
from tests.factories.initiatives import InitiativeFactory

pytestmark = pytest.mark.django_db

# A word of the Dutch name of each offer, and how somebody may spell it
WORDS = {
    Offer.WORK: ("meedoen", "meedoenn"),
    Offer.WORKSPACE: ("werkplek", "werkplk"),
    Offer.COACHING: ("meedenkt", "meedenktt"),
    Offer.NETWORK: ("ontmoeten", "ontmoetten"),
    Offer.LANGUAGE_PRACTICE: ("oefenen", "oeffenen"),
    Offer.LESSONS: ("workshops", "worksjops"),
    Offer.MATERIALS: ("gereedschap", "gereetschap"),
    Offer.MARKET: ("verkopen", "verkoopen"),
    Offer.MICROFINANCE: ("beginnen", "begginnen"),
    Offer.LETTERS: ("formulieren", "formuliren"),
    Offer.MEALS: ("samen", "saamen"),
    Offer.CHILDCARE: ("kinderen", "kindren"),
}


@pytest.fixture
def each_has_one():
    """Twelve places, alike but for what they offer; none says it in its texts."""
    return {offer: InitiativeFactory(name=f"Huis {number}", summary="Zie de site.", offers=[offer]) for number, offer in enumerate(Offer)}


def found(client, words):
    return client.get(reverse("map"), {"q": words}).content.decode()


def addresses(page):
    return re.findall(r'<h2><a href="([^"]+)"', page)


def test_every_offer_has_a_word():
    assert list(WORDS) == list(Offer)


@pytest.mark.parametrize("offer", Offer)
def test_an_offer_is_found_by_a_word_of_its_name(client, each_has_one, offer):
    page = found(client, WORDS[offer][0])
    assert addresses(page) == [each_has_one[offer].get_absolute_url()]
    assert f"<mark>{WORDS[offer][0]}</mark>" in page.lower(), "and the list says why it was found"


@pytest.mark.parametrize("offer", Offer)
def test_an_offer_is_found_by_a_misspelt_word_of_its_name(client, each_has_one, offer):
    page = found(client, WORDS[offer][1])
    assert each_has_one[offer].get_absolute_url() in addresses(page)
    assert f"Niets voor ‘{WORDS[offer][1]}’" in page, "it is told that nothing has the word as it was typed"


def test_an_offer_and_a_word_of_the_texts_must_both_hold(client):
    wanted = InitiativeFactory(name="De Draad", offers=["workspace"])
    InitiativeFactory(name="De Draad")
    InitiativeFactory(name="Het Hout", offers=["workspace"])
    assert addresses(found(client, "werkplek draad")) == [wanted.get_absolute_url()]


def test_an_offer_of_what_is_not_published_is_not_found(client):
    for status in ({"draft": True}, {"submitted": True}, {"changes_requested": True}, {"archived": True}):
        InitiativeFactory(offers=["workspace"], **status)
    assert addresses(found(client, "werkplek")) == addresses(found(client, "werkplk")) == []
