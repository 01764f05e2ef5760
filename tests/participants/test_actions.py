from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from fieldlab.audit.context import LinkActor, SystemActor, UserActor, person_context
from fieldlab.audit.models import AccessRecord
from fieldlab.lib.encryption import unseal
from fieldlab.lib.errors import DomainError
from participants.actions import (
    add_participant,
    change_details,
    end_access,
    give_account,
    grant_access,
    hand_over,
    open_participant,
)
from participants.models import AccessReason, Details, Participant, ParticipantAccess, ReachedBy
from participants.permissions import (
    can_erase_participant,
    can_invite_professionals,
    can_open_participant,
    is_professional,
)
from tests.factories.accounts import UserFactory
from tests.factories.participants import make_participant, make_professional, stops

pytestmark = pytest.mark.django_db
DETAILS = Details(first_name="Samira", last_name="Haddad", phone="+31200000012", birth_year=1980, languages=("ar", "nl"), interpreter=True)


@pytest.fixture
def professional():
    return make_professional()


@pytest.fixture
def participant(professional):
    with person_context(UserActor(professional, "professional")):
        return add_participant(actor=professional, details=DETAILS, reached_by=ReachedBy.CITY, at=timezone.now())


def test_who_somebody_is_opens_as_it_was_written_and_is_logged(participant, professional):
    with person_context(UserActor(professional, "professional")):
        found = Participant.objects.visible_to(professional).get()
        assert open_participant(participant=found, reason="prepares the first talk", at=timezone.now()) == DETAILS
        assert [(record.what, record.reason, record.role) for record in AccessRecord.objects.visible_to(professional)] == [
            ("participant.details", "prepares the first talk", "professional")
        ]
    assert (found.code[3], len(found.code), str(found)) == ("-", 7, found.code)


def test_reading_that_fails_leaves_no_log(participant, professional):
    with pytest.raises(ZeroDivisionError), person_context(UserActor(professional)):
        raise ZeroDivisionError(open_participant(participant=participant, reason="x", at=timezone.now()))
    with person_context(SystemActor("a test looks")):
        assert not AccessRecord.objects.exists()


def test_only_what_changed_is_sealed_anew(participant, professional):
    changed = Details(**{**DETAILS.__dict__, "phone": "+31200000013"})
    with person_context(UserActor(professional)):
        change_details(participant=participant, details=changed, neighbourhood=None)
        added, edited = participant.events.order_by("pgh_id")
        assert Participant.objects.get().open() == changed
    assert [name for name in ("first_name", "phone", "languages") if getattr(added, name) != getattr(edited, name)] == ["phone"]


def test_rows_of_history_open_with_the_participants_key(participant, professional):
    with person_context(UserActor(professional)):
        event, key = participant.events.get(), Participant.objects.get().key.unwrap()
    assert unseal(event, key, ["first_name", "languages"]) == {"first_name": "Samira", "languages": ["ar", "nl"]}


def test_access_is_given_handed_over_and_ended(participant, professional):
    colleague, third = make_professional(), make_professional()
    with person_context(UserActor(professional)):
        access = grant_access(participant=participant, user=colleague, reason=AccessReason.REPLACEMENT, actor=professional)
        with pytest.raises(DomainError):
            grant_access(participant=participant, user=colleague, reason=AccessReason.SUPPORT, actor=professional)
        end_access(access=access)
        with pytest.raises(DomainError):
            end_access(access=access)
        hand_over(participant=participant, giver=professional, taker=third, actor=professional)
    with person_context(UserActor(professional)):
        assert not can_open_participant(professional, participant)
        assert not Participant.objects.exists()
    with person_context(UserActor(third)):
        assert can_open_participant(third, participant)
        with pytest.raises(DomainError):
            hand_over(participant=participant, giver=colleague, taker=professional, actor=third)


def test_nobody_who_decides_on_benefits_is_given_access(participant, professional):
    for user in (UserFactory(decides=True), UserFactory(is_active=False)):
        with person_context(UserActor(professional)), pytest.raises(DomainError):
            grant_access(participant=participant, user=user, reason=AccessReason.SUPPORT, actor=professional)


@pytest.mark.parametrize(("days", "is_open"), [(1, True), (-1, False)])
def test_access_can_end_by_itself(participant, professional, days, is_open):
    reader, at = make_professional(), timezone.now()
    access = ParticipantAccess(participant=participant, user=reader, reason=AccessReason.REPLACEMENT, granted_by=professional)
    access.valid_from, access.until = at - timedelta(days=2), at + timedelta(days=days)
    with person_context(UserActor(professional)):
        access.save(force_insert=True)
        assert ParticipantAccess.objects.open().filter(user=reader).exists() == is_open


def test_access_that_has_ended_is_not_opened_again(participant, professional):
    with person_context(UserActor(professional)):
        colleague = grant_access(participant=participant, user=make_professional(), reason=AccessReason.SUPPORT, actor=professional)
        end_access(access=colleague)
    for later in (None, timezone.now() + timedelta(days=1)):
        with (
            person_context(UserActor(professional)),
            pytest.raises(IntegrityError, match="not opened again"),
            transaction.atomic(),
        ):
            ParticipantAccess.objects.filter(pk=colleague.pk).update(until=later)
    with person_context(SystemActor("a test")):
        assert not ParticipantAccess.objects.open().filter(pk=colleague.pk).exists()


def test_a_code_that_is_taken_is_drawn_again(participant, professional, monkeypatch):
    codes = iter([participant.code, participant.code, "CDF-GHJ"])
    monkeypatch.setattr("participants.actions.people.new_code", lambda: next(codes))
    assert make_participant(professional).code == "CDF-GHJ"


def test_an_account_belongs_to_one_participant(participant, professional):
    deelnemer, other = UserFactory(), make_participant(professional)
    with person_context(UserActor(professional)), pytest.raises(DomainError):
        give_account(participant=participant, user=professional)
    with person_context(LinkActor(other.pk, "a test")), pytest.raises(DomainError):
        give_account(participant=participant, user=deelnemer)
    with person_context(LinkActor(participant.pk, "a test")):
        give_account(participant=participant, user=deelnemer)
    with person_context(SystemActor("a test")):
        with pytest.raises(DomainError):
            give_account(participant=participant, user=UserFactory())
        with pytest.raises(DomainError):
            give_account(participant=other, user=deelnemer)
        participant.refresh_from_db()
    with person_context(UserActor(deelnemer)):
        assert can_erase_participant(deelnemer, participant)
        assert not can_erase_participant(professional, participant)


def test_when_a_professionals_work_ends_they_see_nobody(participant, professional):
    stops(professional)
    with person_context(UserActor(professional)):
        assert not Participant.objects.exists()
    assert not is_professional(professional)


def test_who_may_add_and_invite():
    professional, coordinator = make_professional(), UserFactory(coordinator=True)
    decider = make_professional(decides_on_benefits=True)
    assert [is_professional(user) for user in (professional, coordinator, decider)] == [True, False, False]
    assert [can_invite_professionals(user) for user in (professional, coordinator, decider)] == [False, True, False]


def test_a_list_asks_the_database_as_often_at_three_rows_as_at_one(professional):
    def queries():
        with CaptureQueriesContext(connection) as captured, person_context(UserActor(professional)):
            [row.open() for row in Participant.objects.visible_to(professional).select_related("key", "neighbourhood")]
        return len(captured)

    make_participant(professional)
    one = queries()
    make_participant(professional)
    make_participant(professional)
    assert queries() == one
