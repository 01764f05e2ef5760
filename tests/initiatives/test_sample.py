import pytest
from django.utils import timezone

import fieldlab.accounts.sample
import fieldlab.areas.sample
from initiatives import sample
from initiatives.models import Activity, Initiative, Kind
from initiatives.permissions import can_edit, can_manage_team

pytestmark = pytest.mark.django_db


def test_the_sample_is_whole_and_loading_it_again_adds_nothing():
    at = timezone.now()
    for room in (fieldlab.areas.sample, fieldlab.accounts.sample, sample, sample):
        room.load(at)
    published = Initiative.objects.published()
    assert published.count() == len(sample.PUBLISHED) >= 25
    assert set(published.values_list("kind", flat=True)) == set(Kind)
    assert set(published.values_list("activity", flat=True)) == set(Activity)
    assert published.filter(area=None).count() == 0
    counts = {status: Initiative.objects.filter(status=status).count() for status in ("submitted", "changes_requested", "draft")}
    assert counts == {"submitted": 3, "changes_requested": 1, "draft": 1}


def test_the_accounts_have_their_work():
    at = timezone.now()
    for room in (fieldlab.areas.sample, fieldlab.accounts.sample, sample):
        room.load(at)
    people = {user.email.partition("@")[0]: user for user in fieldlab.accounts.sample.User.objects.all()}
    draad = Initiative.objects.get(slug="naaiatelier-de-draad")
    assert can_manage_team(people["initiatief"], draad)
    assert can_edit(people["redacteur"], draad)
    assert not can_manage_team(people["redacteur"], draad)
    waiting = Initiative.objects.moderated_by(people["verbinder"]).awaiting_moderation()
    assert waiting.count() == 3
    assert people["gemeente"].area_contacts.get().areas.get().name == "Oost"
