"""The invented network of the demo: a whole city, believable, and of nothing that exists."""

import re
import sys
from datetime import UTC, date, datetime, timedelta
from urllib.parse import urlencode

import pytest
import textstat
from django.db.models import Count, F
from django.http import QueryDict
from django.utils import timezone

import fieldlab.accounts.sample
import fieldlab.areas.sample
from fieldlab.areas.actions import areas_at
from fieldlab.areas.models import Area
from fieldlab.lib import phones
from initiatives import channels, sample
from initiatives.forms import EditForm
from initiatives.models import (
    Access,
    Accessibility,
    Activity,
    AreaContact,
    Audience,
    BoundarySpanner,
    Initiative,
    Introduction,
    Kind,
    Language,
    MapChange,
    ModerationDecision,
    ModerationMessage,
    Offer,
    Phase,
    Room,
    SearchEntry,
    Status,
    Theme,
    TwinAnswer,
)
from initiatives.permissions import can_edit, can_manage_team
from initiatives.sample.entries import areas_by_name, fields, published, read

pytestmark = pytest.mark.django_db
OURS = re.compile(r"\+3120000\d{4}")
ENTRIES = [*published(), *read("archived"), *read("waiting"), *read("asked")]


@pytest.fixture
def areas():
    fieldlab.areas.sample.load(timezone.now())
    return areas_by_name()


@pytest.fixture
def city(areas, settings, tmp_path, monkeypatch):
    """All but the photos, which take their time."""
    settings.MEDIA_ROOT = tmp_path
    monkeypatch.setattr(sample, "load_photos", lambda *_arguments: None)
    at = timezone.now()
    for room in (fieldlab.accounts.sample, sample):
        room.load(at)
    return at


def _people():
    return {user.email.partition("@")[0]: user for user in fieldlab.accounts.sample.User.objects.all()}


def test_loading_it_again_adds_nothing(city):
    tables = [Initiative, AreaContact, BoundarySpanner, Introduction, ModerationDecision, ModerationMessage, TwinAnswer]
    counts = [table.objects.count() for table in tables]
    sample.load(city + timedelta(days=3))
    assert [table.objects.count() for table in tables] == counts


def test_it_covers_the_city(city):
    on_the_map = Initiative.objects.published()
    assert on_the_map.count() == SearchEntry.objects.count() == len(published()) >= 150
    assert set(on_the_map.values_list("area", flat=True)) == set(Area.objects.neighbourhoods().values_list("pk", flat=True))
    for field, choices in (("kind", Kind), ("activity", Activity), ("access", Access), ("phase", Phase), ("room", Room)):
        assert set(on_the_map.values_list(field, flat=True)) >= set(choices), field
    for field, choices in (("offers", Offer), ("themes", Theme), ("audiences", Audience), ("accessibility", Accessibility)):
        assert {word for words in on_the_map.values_list(field, flat=True) for word in words} == set(choices), field
    spoken = {language for languages in on_the_map.values_list("languages", flat=True) for language in languages}
    assert spoken == set(Language)


def test_every_place_lies_where_it_says(areas):
    placed = [(entry, entry.point) for entry in ENTRIES if entry.point]
    found = areas_at([point for _entry, point in placed])
    assert [(entry.name, area and area.name) for (entry, _point), area in zip(placed, found, strict=True)] == [
        (entry.name, entry.neighbourhood) for entry, _point in placed
    ]
    assert len({entry.place for entry, _point in placed}) == len(placed)


def test_names_are_its_own_and_nothing_in_it_exists(areas):
    at = timezone.now()
    assert len({entry.slug for entry in ENTRIES}) == len({entry.name for entry in ENTRIES}) == len(ENTRIES)
    for number, entry in enumerate(ENTRIES):
        initiative = Initiative(**fields(entry, number, areas, at), slug=entry.slug, created_at=at, updated_at=at)
        initiative.full_clean(validate_unique=False)
        assert OURS.fullmatch(initiative.phone), entry.name
        assert phones.normalise(initiative.phone) == initiative.phone
        assert initiative.email.endswith("@demo.example")
        assert not initiative.website or re.fullmatch(r"https://[a-z0-9-]+\.demo\.example/", initiative.website), entry.name
        read_back = channels.read(initiative.channels)
        assert len(read_back) == len(entry.channels), entry.name
        assert all(OURS.fullmatch(each.address) or re.search(r"demo[._-]example", each.address) for each in read_back), entry.name
        assert initiative.hours.to_json() == initiative.opening_hours


@pytest.mark.parametrize("today", [date(2026, 1, 1), date(2026, 2, 28), date(2027, 12, 11), date(2028, 2, 29), date(2026, 12, 31)])
def test_days_on_which_it_is_closed_come_round_on_any_day(areas, today):
    at = datetime(today.year, today.month, today.day, 12, tzinfo=UTC)
    for entry in ENTRIES:
        fields(entry, 1, areas, at)


def test_fresh_and_stale_full_and_free(city):
    assert {user.email for user in _people().values()} == {f"{account}@demo.example" for account in _people()}
    numbers = list(Initiative.objects.exclude(phone="").values_list("phone", flat=True)) + list(
        AreaContact.objects.values_list("phone", flat=True)
    )
    assert len(set(numbers)) == len(numbers)
    on_the_map, year_ago = Initiative.objects.published(), city - timedelta(days=365)
    assert on_the_map.filter(confirmed_at__lt=year_ago).count() >= 5
    assert on_the_map.filter(confirmed_at__gt=city - timedelta(days=30)).count() >= 50
    rooms = [initiative.room_now(city) for initiative in on_the_map]
    assert min(rooms.count(room) for room in Room) >= 5
    assert [each for each in on_the_map if each.room and not each.room_now(city)]
    assert on_the_map.filter(website_public=False).exclude(website="").count() >= 5
    assert on_the_map.filter(access=Access.NO_FIXED_PLACE).exclude(service_areas=[]).count() >= 10
    hours = [initiative.hours for initiative in on_the_map if initiative.hours]
    assert len(hours) >= 90
    assert any(each.coming(city) for each in hours)
    assert on_the_map.filter(description__regex="[\u0600-\u06ff]").count() >= 3


def test_there_is_work_in_several_districts(city):
    counts = {
        status: Initiative.objects.filter(status=status).count() for status in (Status.CHANGES_REQUESTED, Status.ARCHIVED, Status.DRAFT)
    }
    assert counts == {"changes_requested": 3, "archived": 4, "draft": 4}
    districts = Initiative.objects.awaiting_moderation().values("area__parent__parent").annotate(waiting=Count("pk"))
    assert len(districts) >= 6
    assert Initiative.objects.published().filter(revision__gt=F("checked_revision")).count() == 2
    assert BoundarySpanner.objects.values("district").distinct().count() >= 2
    assert AreaContact.objects.filter(confirmed_at__lt=city - timedelta(days=365)).count() == 1
    covered = {area.code[0] for contact in AreaContact.objects.all() for area in contact.areas.all()}
    assert covered == set(Area.objects.districts().values_list("code", flat=True))
    asked, told, agreed, refused = (
        Introduction.objects.filter(**state).count()
        for state in ({"told_at": None}, {"told_at__isnull": False, "agreed": None}, {"agreed": True}, {"agreed": False})
    )
    assert (asked, told, agreed, refused) == (1, 1, 2, 1)
    assert {row.answer for row in TwinAnswer.objects.all()} == {"different", "introduce"}


def test_the_accounts_have_their_work(city):
    people = _people()
    draad = Initiative.objects.get(slug="naaiatelier-de-draad")
    assert can_manage_team(people["initiatief"], draad)
    assert can_edit(people["redacteur"], draad)
    assert not can_manage_team(people["redacteur"], draad)
    assert draad.invitations.pending().count() == 1
    assert draad.messages.count() == 2
    unsaved = draad.edit_drafts.get(user=people["redacteur"])
    form = EditForm.of(draad, QueryDict(urlencode(unsaved.typed, doseq=True)))
    assert form.is_valid(), form.errors
    assert [name for name, value in form.changes().items() if getattr(draad, name) != value] == ["description"]
    assert unsaved.revision == draad.revision
    assert draad.introductions_received.get().asker.name == "Naailes op Zondag"
    assert Initiative.objects.filter(status=Status.DRAFT, registered_by=people["initiatief"]).count() == 1
    assert Initiative.objects.moderated_by(people["verbinder"]).awaiting_moderation().count() == 3
    assert people["gemeente"].area_contacts.get().areas.get().name == "Oost"
    assert not people["karim-benali"].has_usable_password()


def test_texts_are_short_plain_and_not_all_alike(capsys):
    assert len({entry.summary for entry in ENTRIES}) == len(ENTRIES)
    # Such as "Wij": what a third of them begin with, reads like a mould
    first_words = [" ".join(entry.summary.split()[:2]) for entry in ENTRIES]
    assert max(first_words.count(words) for words in first_words) <= len(ENTRIES) / 25
    assert not [entry.name for entry in ENTRIES if re.search("[\u2013\u2014]", entry.summary + entry.description)]
    textstat.set_lang("nl")
    dutch = [f"{entry.summary} {entry.description}" for entry in ENTRIES if not re.search("[\u0400-\u06ff]", entry.description)]
    figures = sorted((textstat.flesch_reading_ease(text), text[:50]) for text in dutch)
    with capsys.disabled():
        middle = figures[len(figures) // 2][0]
        print(f"\nreading ease of the sample (Flesch-Douma): half above {middle:.0f}, hardest {figures[:3]}", file=sys.stderr)


def test_hundreds_more_for_measuring(areas):
    city = timezone.now()
    before = Initiative.objects.count()
    sample.load_many(300, city)
    sample.load_many(5, city)
    made = Initiative.objects.filter(email__startswith="plek-")
    assert Initiative.objects.count() == before + 305
    assert made.count() == SearchEntry.objects.filter(initiative__in=made).count() == 305
    assert MapChange.objects.count() >= 305
    assert not made.filter(area=None).exists()
    for initiative in made.select_related("area")[:50]:
        initiative.full_clean()
    placed = list(made.filter(location__isnull=False).values_list("location", "area"))
    assert [area.pk for area in areas_at([point for point, _area in placed])] == [area for _point, area in placed]
    assert set(made.values_list("kind", flat=True)) == set(Kind)
    assert set(made.values_list("activity", flat=True)) == set(Activity)
    assert made.values("area").distinct().count() > 40
    busiest = made.values_list("area__parent__parent__name").annotate(count=Count("pk")).order_by("-count")
    assert busiest[0][0] in ("Nieuw-West", "West", "Zuid", "Oost")
