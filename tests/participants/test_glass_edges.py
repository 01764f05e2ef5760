"""Looking in an emergency is looking, for an hour: nothing is changed by it, also by who is a professional too; nobody goes untold."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from fieldlab.audit.context import SystemActor, UserActor, person_context
from fieldlab.outbox.models import OutboxMessage
from participants.actions.calls import begin
from participants.actions.glass import break_glass
from participants.actions.retention import keep_no_longer, months_from
from participants.models import AccessReason, Details, FollowUp, Participant, ParticipantAccess, PersonalCode, Professional
from tests.factories.accounts import UserFactory
from tests.factories.participants import make_participant, make_professional, stops
from tests.factories.reports import make_talk
from tests.sign_in import signed_in

pytestmark = pytest.mark.django_db

WHY = "De deelnemer belde en heeft vandaag nog hulp nodig"


@pytest.fixture
def professional():
    return make_professional(name="Fatma Demir")


@pytest.fixture
def coordinator():
    return UserFactory(coordinator=True, name="Coen de Boer")


@pytest.fixture
def both():
    """A coordinator who is a professional too."""
    user = UserFactory(coordinator=True, name="Anna Prins")
    Professional.objects.create(user=user, since=timezone.now())
    return user


@pytest.fixture
def participant(professional):
    known = {"phone": "+31200000417", "birth_year": 1984, "email": "z@demo.example", "reach": "email"}
    return make_participant(professional, first_name="Zonnebloem", **known)


def system():
    return person_context(SystemActor("a test"))


def breaks(user, participant):
    return break_glass(coordinator=user, code=participant.code, why=WHY, at=timezone.now())


def now_of(participant):
    with system():
        return Participant.objects.select_related("key").get(pk=participant.pk)


# --- Only looking


def test_what_was_typed_and_not_approved_is_not_shown(coordinator, professional, participant):
    make_talk(participant, professional, energy="GEHEIMWOORD")
    breaks(coordinator, participant)
    page = signed_in(coordinator).get(reverse("glass_open", args=[participant.pk])).content.decode()
    assert "Zonnebloem" in page
    assert "GEHEIMWOORD" not in page


@pytest.mark.parametrize(
    "name",
    ["participant", "participant_change", "participant_consents", "participant_erase", "appointment_new", "talk", "plan", "plan_goal"],
)
def test_the_pages_of_who_helps_stay_shut(both, participant, name):
    breaks(both, participant)
    client, address = signed_in(both), reverse(name, args=[participant.pk])
    assert client.get(address).status_code == 404
    assert client.post(address, {}).status_code in (404, 405)


def test_no_card_is_printed(both, participant):
    breaks(both, participant)
    assert signed_in(both).post(reverse("participant_card", args=[participant.pk])).status_code == 404
    with system():
        assert not PersonalCode.objects.filter(participant=participant).exists()


def test_no_details_are_changed(both, participant):
    breaks(both, participant)
    values = {"first_name": "Anders", "phone": "0612345678", "reach": "sms", "best_time": "", "birth_year": "1990"}
    assert signed_in(both).post(reverse("participant_change", args=[participant.pk]), values).status_code == 404
    with system():
        assert now_of(participant).open().first_name == "Zonnebloem"


def test_they_stand_on_no_list_of_who_looked(both, participant):
    breaks(both, participant)
    client = signed_in(both)
    for name in ("day", "participants", "caseload_hand_over"):
        assert "Zonnebloem" not in client.get(reverse(name)).content.decode(), name


@pytest.mark.parametrize("how", ["good", "while"])
def test_nobody_is_handed_over(both, participant, how):
    colleague = make_professional(name="Nog een account")
    breaks(both, participant)
    values = {"people": [str(participant.pk)], "taker": colleague.professional.pk, "how": how, "until": timezone.localdate().isoformat()}
    assert signed_in(both).post(reverse("caseload_hand_over"), values).status_code == 422
    with system():
        assert not ParticipantAccess.objects.filter(participant=participant, user=colleague).exists()


# --- The wall says the same


def refused(write):
    """Whether the database refuses, or finds nothing to write."""
    try:
        with transaction.atomic():
            return write() == 0
    except DatabaseError:
        return True


def test_the_wall_gives_nothing_further(both, participant):
    colleague = make_professional()
    breaks(both, participant)
    with person_context(UserActor(both, "professional")):
        for user in (both, colleague):
            values = {"participant": participant, "user": user, "reason": AccessReason.SUPPORT, "granted_by": both}
            assert refused(lambda values=values: ParticipantAccess.objects.create(**values))
        at = timezone.now()
        ends = at + timedelta(days=90)
        values = {"participant": participant, "digest": "0" * 64, "issued_by": both, "issued_at": at, "expires_at": ends}
        assert refused(lambda: PersonalCode.objects.create(**values))
        assert refused(lambda: Participant.objects.filter(pk=participant.pk).update(neighbourhood=None))
    with system():
        assert not ParticipantAccess.objects.filter(participant=participant, user=colleague).exists()


def test_the_hour_is_made_no_longer(coordinator, participant):
    breaks(coordinator, participant)
    access = ParticipantAccess.objects.filter(participant=participant, user=coordinator)
    with system():
        until = access.get().until
    for longer in (None, until + timedelta(seconds=1)):
        with person_context(UserActor(coordinator, "coordinator")):
            assert refused(lambda longer=longer: access.update(until=longer))
        with system(), pytest.raises(IntegrityError), transaction.atomic():
            access.update(until=longer)
    with system():
        assert access.get().until == until
        assert access.update(until=timezone.now()) == 1, "shorter is allowed"


# --- Never in silence


@pytest.fixture
def alone(professional):
    """Nobody helps them any more, and no message can go."""
    made = make_participant(professional, first_name="Zonnebloem", phone="+31200000417", reach="call")
    stops(professional)
    return made


def test_whom_nobody_helps_is_called_by_the_other_coordinators(coordinator, alone):
    other = UserFactory(coordinator=True)
    glass = breaks(coordinator, alone)
    (asked,) = OutboxMessage.objects.filter(key__startswith=f"glass:{glass.pk}:")
    assert asked.to == other.email
    assert alone.code in asked.text
    assert "Zonnebloem" not in asked.text + asked.html + asked.subject
    assert "U hoeft niets te doen" not in asked.text, "they are asked to call"


def test_other_coordinators_need_do_nothing_where_a_message_went(coordinator, participant):
    other = UserFactory(coordinator=True)
    breaks(coordinator, participant)
    assert "U hoeft niets te doen" in OutboxMessage.objects.get(to=other.email).text


@pytest.fixture
def by_themselves():
    """Somebody who began by themselves, with a number that was not called yet: (user, participant)."""
    user = UserFactory()
    begin(user=user, details=Details(first_name="Zonnebloem", phone="+31200000417"), neighbourhood=None, at=timezone.now())
    with system():
        return user, Participant.objects.get(user=user)


def test_who_began_by_themselves_hears_it_where_they_sign_in_or_is_called(coordinator, by_themselves):
    user, participant = by_themselves
    other = UserFactory(coordinator=True)
    breaks(coordinator, participant)
    calm = "U hoeft niets te doen" in OutboxMessage.objects.get(to=other.email).text
    with system():
        called = FollowUp.objects.filter(participant=participant, about="opened").exists()
    assert OutboxMessage.objects.filter(to=user.email).exists() or called or not calm


# --- Nobody is erased untold


def about_to_be_erased(settings):
    """Just over a month before the time to keep is over."""
    return months_from(timezone.now(), settings.RETENTION_MONTHS - 1) + timedelta(days=1)


def test_who_can_be_told_by_nobody_is_not_erased(alone, settings):
    at = about_to_be_erased(settings)
    for days in (0, 40, 400):
        keep_no_longer(at=at + timedelta(days=days))
        now = now_of(alone)
        assert (now.told_of_erasure_at, now.erased_at) == (None, None)
    assert not OutboxMessage.objects.filter(key__contains=str(alone.pk)).exists()


def test_the_coordinators_are_asked_to_call_before_somebody_is_erased(alone, coordinator, settings):
    decider = UserFactory(coordinator=True, decides=True)
    at = about_to_be_erased(settings)
    keep_no_longer(at=at)
    keep_no_longer(at=at)
    assert now_of(alone).told_of_erasure_at == at
    assert not OutboxMessage.objects.filter(to=decider.email).exists()
    asked = OutboxMessage.objects.get(to=coordinator.email)
    assert alone.code in asked.text
    assert "Zonnebloem" not in asked.text + asked.html + asked.subject + asked.key
    keep_no_longer(at=at + timedelta(days=40))
    assert now_of(alone).erased_at
    asked.refresh_from_db()
    assert asked.text == "", "the code is gone too"


def test_who_began_by_themselves_is_told_before_they_are_erased(by_themselves, settings):
    user, participant = by_themselves
    at = about_to_be_erased(settings)
    keep_no_longer(at=at)
    told = now_of(participant).told_of_erasure_at == at
    assert told == OutboxMessage.objects.filter(to=user.email).exists()
    keep_no_longer(at=at + timedelta(days=40))
    assert (now_of(participant).erased_at is not None) == told
