"""The database is the last judge: each rule is broken with a plain UPDATE or INSERT."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, InternalError, ProgrammingError, connection, transaction
from django.utils import timezone

from fieldlab.lib.geo import Point
from initiatives.models import AreaContact, Initiative, InitiativeMember, ModerationDecision
from tests.factories.accounts import UserFactory
from tests.factories.initiatives import InitiativeFactory, MemberFactory

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("constraint", "change"),
    [
        ("initiative_complete", {"name": ""}),
        ("initiative_complete", {"kind": ""}),
        ("initiative_complete", {"summary": ""}),
        ("initiative_complete", {"area": None}),
        ("initiative_complete", {"slug": None}),
        ("initiative_reachable", {"phone": "", "email": ""}),
        ("initiative_no_fixed_place", {"access": "no_fixed_place"}),
        ("initiative_postcode", {"postcode": "1094HP"}),
        ("initiative_phone", {"phone": "020 000"}),
        ("initiative_published_at", {"published_at": None}),
        ("initiative_times_in_order", {"published_at": timezone.now() - timedelta(days=99)}),
        ("initiative_times_in_order", {"confirmed_at": timezone.now() - timedelta(days=99)}),
    ],
)
def test_a_published_initiative_keeps_the_rules(constraint, change):
    initiative = InitiativeFactory()
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        Initiative.objects.filter(pk=initiative.pk).update(**change)


def test_every_constraint_says_in_words_what_is_wrong():
    for model in (Initiative, InitiativeMember, AreaContact, ModerationDecision):
        for constraint in model._meta.constraints:
            assert constraint.violation_error_message != constraint.default_violation_error_message, constraint.name


def test_a_draft_may_be_empty():
    assert Initiative.objects.create(created_at=timezone.now(), updated_at=timezone.now()).slug is None


def test_somebody_is_in_a_team_once():
    member = MemberFactory()
    with pytest.raises(IntegrityError, match="initiative_member_once"), transaction.atomic():
        MemberFactory(initiative=member.initiative, user=member.user, role="editor")


def test_every_change_is_kept_also_of_the_place_and_never_the_contact_person():
    initiative = InitiativeFactory(name="Before")
    Initiative.objects.filter(pk=initiative.pk).update(name="After")
    Initiative.objects.filter(pk=initiative.pk).update(location=Point(4.9, 52.1))
    Initiative.objects.filter(pk=initiative.pk).update(phone="+31200000999")
    labels = list(initiative.events.order_by("pgh_id").values_list("pgh_label", "name"))
    assert labels == [("insert", "Before"), ("update", "After"), ("update", "After"), ("update", "After")]
    assert not {"phone", "email", "contact_name", "draft_key"} & {field.name for field in initiative.events.model._meta.fields}


def test_history_and_decisions_cannot_be_rewritten():
    initiative = InitiativeFactory()
    decision = ModerationDecision.objects.create(initiative=initiative, decided_by=UserFactory(), decision="published", at=timezone.now())
    for table in ("initiatives_initiativeevent", "initiatives_moderationdecision"):
        for sql in (f"DELETE FROM {table}", f"UPDATE {table} SET id = id"):
            with pytest.raises((InternalError, ProgrammingError)), transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(sql)
    decision.refresh_from_db()


def test_a_decision_against_publishing_says_why():
    with pytest.raises(IntegrityError, match="moderation_decision_says_why"), transaction.atomic():
        ModerationDecision.objects.create(
            initiative=InitiativeFactory(), decided_by=UserFactory(), decision="changes_requested", at=timezone.now()
        )


def test_near_is_in_order_of_metres_not_of_degrees():
    here = Point(4.90, 52.37)
    east = InitiativeFactory(location=Point(4.914, 52.37))  # 0.014 degrees, 950 m
    north = InitiativeFactory(location=Point(4.90, 52.3815))  # 0.0115 degrees, 1,280 m
    InitiativeFactory(nowhere=True)
    found = Initiative.objects.near(here)
    assert found == [east, north]
    assert [round(initiative.metres, -1) for initiative in found] == [950, 1280]


def test_in_area_holds_at_every_level():
    initiative, other = InitiativeFactory(), InitiativeFactory()
    quarter = initiative.area.parent
    for area in (initiative.area, quarter, quarter.parent):
        assert list(Initiative.objects.in_area(area)) == [initiative]
    assert list(Initiative.objects.in_area(other.area)) == [other]
