"""A form that was open too long, or is sent from elsewhere: refused in plain words, and nothing has changed."""

import pytest
from django.conf import settings
from django.urls import reverse

from fieldlab.outbox.models import OutboxMessage
from initiatives.forms import EditForm
from initiatives.models import EditDraft, Initiative, ModerationDecision, ModerationMessage, Photo
from tests.factories.initiatives import InitiativeFactory, MemberFactory, district_of, make_spanner
from tests.initiatives.test_hours_and_offer_forms import as_sent
from tests.initiatives.test_photo_pages import sent as photo_sent
from tests.sign_in import signed_in

pytestmark = pytest.mark.django_db
# name of the address, whether a moderator sends it, what is sent
FORMS = {
    "edit": ("initiative_edit", False, lambda place: as_sent(EditForm.of(place)) | {"summary": "Wij koken."}),
    "keep while typing": ("initiative_edit_keep", False, lambda place: as_sent(EditForm.of(place)) | {"summary": "Wij ko"}),
    "photo": ("initiative_photo", False, lambda _place: photo_sent()),
    "decision": ("moderate", True, lambda place: {"decision": "published", "revision": place.revision, "message": "Welkom!"}),
    "message": ("moderate_message", True, lambda _place: {"text": "Klopt het telefoonnummer?"}),
}
TABLES = [Initiative, Initiative.events.rel.related_model, EditDraft, Photo, ModerationDecision, ModerationMessage, OutboxMessage]


@pytest.fixture(autouse=True)
def storage(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"


@pytest.fixture(params=FORMS)
def form(request):
    """(a client that is asked for its token, a page that holds one, the address to send to, what to send)"""
    name, by_moderator, data = FORMS[request.param]
    place = InitiativeFactory(submitted=True) if by_moderator else InitiativeFactory()
    user = make_spanner(district_of(place)) if by_moderator else MemberFactory(initiative=place).user
    page = reverse("moderate" if by_moderator else "initiative_edit", args=[place.slug])
    return signed_in(user, enforce_csrf_checks=True), page, reverse(name, args=[place.slug]), data(place)


def everything():
    return {table.__name__: list(table.objects.order_by("pk").values()) for table in TABLES}


def token_of(client, page):
    return str(client.get(page).context["csrf_token"])


def stale(client, page):
    """Of before signing in anew: the cookie holds another since."""
    before = token_of(client, page)
    del client.cookies[settings.CSRF_COOKIE_NAME]
    token_of(client, page)
    return {"csrfmiddlewaretoken": before}


def without_cookie(client, page):
    token = token_of(client, page)
    del client.cookies[settings.CSRF_COOKIE_NAME]
    return {"csrfmiddlewaretoken": token}


def missing(client, page):
    client.get(page)
    return {}


def nonsense(client, page):
    client.get(page)
    return {"csrfmiddlewaretoken": "x" * 64}


def too_short(client, page):
    client.get(page)
    return {"csrfmiddlewaretoken": "\x00"}


@pytest.mark.parametrize("token", [stale, without_cookie, missing, nonsense, too_short])
def test_it_is_refused_in_words_and_nothing_has_changed(form, token):
    client, page, address, data = form
    with_token = data | token(client, page)
    before = everything()
    answer = client.post(address, with_token)
    assert answer.status_code == 403
    assert everything() == before
    words = " ".join(answer.content.decode().split())
    assert '<html lang="nl"' in words
    assert "<h1>Stuur het nog een keer</h1>" in words
    assert "Deze pagina stond lang open, of in twee vensters. Voor uw veiligheid hebben wij niet bewaard wat u stuurde." in words
    assert "Ga terug in uw browser, open de pagina opnieuw en stuur het nog een keer." in words
    assert 'href="tel:' in words
    assert "CSRF" not in words
    assert "no-store" in answer["Cache-Control"] or "no-cache" in answer["Cache-Control"]


def test_with_the_token_of_the_page_it_is_done(form):
    """Else the test above would say nothing."""
    client, page, address, data = form
    before = everything()
    answer = client.post(address, data | {"csrfmiddlewaretoken": token_of(client, page)})
    assert answer.status_code == 302
    assert everything() != before
