"""What the team of an initiative sees, and who sees a request to be called: by Django’s filters, and by row-level security alone."""

import uuid
from dataclasses import asdict
from datetime import timedelta

import pytest
from django.db import DatabaseError, IntegrityError, transaction
from django.utils import timezone

from fieldlab.audit.context import LinkActor, SystemActor, UserActor, person_context
from fieldlab.lib.encryption import Key
from participants.models import (
    AccessReason,
    Caller,
    CallRequest,
    Consent,
    ConsentText,
    HandOver,
    Participant,
    ParticipantAccess,
    PlanStep,
    Professional,
)
from tests.factories.accounts import UserFactory
from tests.factories.areas import DistrictFactory, NeighbourhoodFactory, QuarterFactory
from tests.factories.initiatives import InitiativeFactory, MemberFactory
from tests.factories.participants import make_participant, make_professional
from tests.walls.database import every_value

pytestmark = pytest.mark.django_db

CALLER = Caller(phone="+31200004581", first_name="Zwaluwstaart", language="ar")


@pytest.fixture
def team():
    return MemberFactory(initiative=InitiativeFactory())


@pytest.fixture
def received(team):
    """A participant whom a professional helps and the team receives."""
    participant = make_participant(make_professional())
    with person_context(SystemActor("a test")):
        ParticipantAccess.objects.create(
            participant=participant, initiative=team.initiative, reason=AccessReason.RECEIVES, valid_from=timezone.now()
        )
    return participant


def ask(*, area=None, initiative=None, at=None):
    request = CallRequest(pk=uuid.uuid4(), area=area, initiative=initiative, asked_at=at or timezone.now())
    request.ends_at = request.asked_at + timedelta(days=14)
    key = Key.new(request.pk.bytes)
    request.seal(asdict(CALLER), key)
    request.wrap(key)
    with person_context(LinkActor(request.pk, "call me")):
        request.save(force_insert=True)
    return request


def seen(user, model):
    """How many rows are visible by Django's filter, and behind the wall alone."""
    with person_context(UserActor(user)):
        return model.objects.visible_to(user).count(), model.objects.count()


def test_a_team_reaches_whom_it_receives_and_reads_nothing_more(team, received):
    with person_context(UserActor(team.user)):
        assert [found.open().first_name for found in Participant.objects.reachable_by(team.user)] == ["Samira"]
        assert Participant.objects.count() == 1
        assert not Participant.objects.visible_to(team.user).exists()
        assert Participant.objects.update(reached_by="city") == 0, "and changes nothing"
    for stranger in (MemberFactory().user, UserFactory(), make_professional(), UserFactory(coordinator=True)):
        with person_context(UserActor(stranger)):
            assert not Participant.objects.exists()
            assert not Participant.objects.reachable_by(stranger).exists()


def test_a_member_who_decides_on_benefits_reaches_nobody(received, team):
    decider = MemberFactory(initiative=team.initiative, user=UserFactory(decides=True)).user
    with person_context(UserActor(decider)):
        assert not Participant.objects.exists()
        assert not Participant.objects.reachable_by(decider).exists()


def test_plans_are_not_the_teams_but_what_was_asked_of_it_is(team, received):
    at = timezone.now()
    with person_context(SystemActor("a test")):
        step = PlanStep.objects.create(participant=received, kind="initiative", initiative=team.initiative, created_at=at, updated_at=at)
        other = PlanStep.objects.create(participant=received, kind="coach", created_at=at, updated_at=at)
        for each, initiative in ((step, team.initiative), (other, InitiativeFactory())):
            HandOver.objects.create(
                participant=received, step=each, initiative=initiative, professional=UserFactory(), comes_at=at, asked_at=at,
                answer_by=at + timedelta(days=2),
            )  # fmt: skip
    with person_context(UserActor(team.user)):
        assert PlanStep.objects.count() == 0
        assert [asked.initiative for asked in HandOver.objects.all()] == [team.initiative]
        assert list(HandOver.objects.at_team_of(team.user)) == list(HandOver.objects.all())


def test_a_team_as_a_whole_never_reads_a_file(team, received):
    with person_context(SystemActor("a test")), pytest.raises(IntegrityError, match="of_one_or_a_team"), transaction.atomic():
        ParticipantAccess.objects.create(
            participant=received, initiative=InitiativeFactory(), reason=AccessReason.SUPPORT, valid_from=timezone.now()
        )


def test_a_request_to_be_called_is_seen_in_its_district_only(team):
    here, there = (NeighbourhoodFactory(parent=QuarterFactory(parent=DistrictFactory())) for _each in range(2))
    ask(area=here)
    ours, theirs, anywhere, ended = make_professional(), make_professional(), make_professional(), make_professional()
    for professional, area in ((ours, here), (theirs, there), (ended, here)):
        professional.professional.areas.add(area.parent.parent)
    Professional.objects.filter(user=ended).update(ended_at=timezone.now())
    assert seen(ours, CallRequest) == (1, 1)
    assert seen(anywhere, CallRequest) == (1, 1)
    for nobody in (theirs, ended, team.user, UserFactory(coordinator=True)):
        assert seen(nobody, CallRequest) == (0, 0)


def test_a_request_for_a_place_is_its_teams_alone(team):
    request = ask(initiative=team.initiative)
    assert seen(team.user, CallRequest) == (1, 1)
    assert seen(make_professional(), CallRequest) == (0, 0)
    decider = MemberFactory(initiative=team.initiative, user=UserFactory(decides=True)).user
    assert seen(decider, CallRequest) == (0, 0)
    with person_context(UserActor(team.user)):
        assert CallRequest.objects.get().open() == CALLER
    with person_context(LinkActor(uuid.uuid4(), "call me")):
        assert not CallRequest.objects.exists()
    with pytest.raises(DatabaseError, match="row-level security"), person_context(LinkActor(uuid.uuid4(), "call me")):
        CallRequest.objects.bulk_create([request])


@pytest.mark.django_db(transaction=True)
def test_of_a_request_that_is_gone_nothing_is_left(team):
    request = ask(initiative=team.initiative)
    assert not [value for *_where, value in every_value() if b"Zwaluwstaart" in value or b"4581" in value], "never in plain text"
    with person_context(UserActor(team.user)):
        request.delete()
    assert not [where for *where, value in every_value() if str(request.pk).encode() in value]


def test_a_request_lasts_a_fortnight_at_most_and_goes_somewhere(team):
    request = ask(initiative=team.initiative)
    for change in ({"ends_at": request.asked_at + timedelta(days=15)}, {"initiative": None}):
        with person_context(SystemActor("a test")), pytest.raises(IntegrityError), transaction.atomic():
            CallRequest.objects.filter(pk=request.pk).update(**change)


def test_only_a_checked_text_asks_for_consent_and_its_words_stay(received):
    helper = ConsentText.objects.create(purpose="share", version=9, language="ar", title="x", body="x")
    checked = ConsentText.objects.create(
        purpose="share", version=9, language="nl", title="x", body="x", checked_by="Fieldlab", checked_at=timezone.localdate()
    )
    values = {"participant": received, "purpose": "share", "at": timezone.now()}
    with person_context(SystemActor("a test")):
        for text, answer in ((checked, "given"), (checked, "withdrawn"), (helper, "refused")):
            Consent.objects.create(text=text, answer=answer, **values)
        for change in ({"text": helper, "answer": "given"}, {"text": checked, "answer": "given", "purpose": "report"}):
            with pytest.raises(IntegrityError, match="checked text"), transaction.atomic():
                Consent.objects.create(**values | change)
        with pytest.raises(IntegrityError, match="new version"), transaction.atomic():
            ConsentText.objects.filter(pk=checked.pk).update(body="y")
    with pytest.raises(DatabaseError, match="permission denied"), person_context(SystemActor("a test")):
        Consent.objects.update(answer="given")
