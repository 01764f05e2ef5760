"""`manage.py load_sample`: the whole network of the demo, as the app's role."""

import pytest
from django.contrib.auth import authenticate
from django.core.management import CommandError, call_command

from challenge.permissions import is_jury_member
from fieldlab.accounts import sample
from fieldlab.accounts.models import User
from fieldlab.figures.permissions import is_researcher
from initiatives.models import Initiative
from participants.models import ConsentText
from participants.permissions import is_professional
from participants.texts import lay_down
from workshops.permissions import is_facilitator

pytestmark = pytest.mark.django_db(transaction=True)


def test_every_account_of_the_demo_signs_in_and_has_its_role(settings, tmp_path, capsys):
    settings.DEMO, settings.MEDIA_ROOT = True, tmp_path
    lay_down(ConsentText)  # a migration did, before another test emptied the tables
    call_command("load_sample")
    counted = Initiative.objects.count()
    call_command("load_sample")
    assert Initiative.objects.count() == counted
    people = {user.email.partition("@")[0]: user for user in User.objects.all()}
    assert sorted(name for name, user in people.items() if user.has_usable_password()) == sorted(each.account for each in sample.PEOPLE)
    with_photo = Initiative.objects.exclude(photo=None)
    assert with_photo.count() == 9
    assert not any(initiative.changed_since_checked for initiative in with_photo.exclude(slug__in=["fietshoek-dapper", "pekkeuken"]))
    call_command("load_sample", initiatives=12)
    assert Initiative.objects.count() == counted + 12
    assert authenticate(email="kennis@demo.example", password="fieldlab-demo") == people["kennis"]
    roles = {"professional": is_professional, "workshop": is_facilitator, "jurylid": is_jury_member, "kennis": is_researcher}
    for account, holds in roles.items():
        assert [name for name, user in people.items() if holds(user)] == [account]


def test_not_where_its_known_password_would_open_a_door():
    with pytest.raises(CommandError, match="only loaded where DEMO is set"):
        call_command("load_sample")
    assert not User.objects.exists()


def test_no_more_for_measuring_than_makes_sense(settings):
    settings.DEMO = True
    for odd in (-1, 10**9):
        with pytest.raises(CommandError, match="Between 0 and 1,000,000"):
            call_command("load_sample", initiatives=odd)
