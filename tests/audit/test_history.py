import pytest
from django.http import HttpResponse
from django.test import RequestFactory
from django.utils import timezone

from fieldlab.audit.actions import record_access
from fieldlab.audit.context import LinkActor, SystemActor, UserActor, person_context
from fieldlab.audit.middleware import HistoryMiddleware
from fieldlab.audit.models import AccessRecord
from participants.models import Participant, ParticipantAccess
from tests.factories.accounts import UserFactory
from tests.factories.participants import make_participant, make_professional

AT = timezone.now()


def contexts(participant):
    with person_context(SystemActor("a test looks")):
        return [event.pgh_context for event in participant.events.order_by("pgh_id")]


@pytest.mark.django_db
def test_history_says_who_and_why_without_a_name():
    professional = make_professional(name="Fatma Demir")
    participant = make_participant(professional)
    with person_context(UserActor(professional, "professional"), reason="moved house"):
        Participant.objects.filter(pk=participant.pk).update(reached_by="city")
    first, second = contexts(participant)
    assert first == {"kind": "user", "user": professional.pk, "employer": "Buurtwerk Oost", "role": "professional"}
    assert second == first | {"reason": "moved house"}
    assert "Fatma" not in str(first)
    assert professional.email not in str(first)


@pytest.mark.django_db
def test_a_reason_does_not_outlive_its_context_and_the_acting_account_stays_known():
    professional = make_professional()
    participant = make_participant(professional)
    with person_context(UserActor(professional)):
        with person_context(SystemActor("nightly")):
            Participant.objects.filter(pk=participant.pk).update(reached_by="city")
        Participant.objects.filter(pk=participant.pk).update(reached_by="other")
    _added, nested, after = contexts(participant)
    assert (nested["kind"], nested["reason"], nested["user"]) == ("system", "nightly", professional.pk)
    assert (after["kind"], "reason" in after) == ("user", False)


@pytest.mark.django_db
def test_the_middleware_keeps_the_account_and_not_the_url():
    professional = make_professional()
    participant = make_participant(professional)

    def view(request):
        with person_context(SystemActor("a link was followed")):
            Participant.objects.filter(pk=participant.pk).update(reached_by="city")
        return HttpResponse()

    request = RequestFactory().post("/secret/K7M-2QF/")
    request.user = UserFactory(employer="Gemeente")
    HistoryMiddleware(view)(request)
    assert contexts(participant)[-1] == {
        "kind": "system", "user": request.user.pk, "employer": "Gemeente", "reason": "a link was followed",
    }  # fmt: skip


@pytest.mark.django_db
def test_a_read_is_logged_with_what_was_true_then():
    professional = make_professional()
    participant = make_participant(professional)
    with person_context(UserActor(professional, "professional")):
        record_access(participant_id=participant.pk, what="participant.details", reason="prepares the first talk", at=AT)
    professional.employer = "Elders"
    with person_context(LinkActor(participant.pk, "my_data")):
        record_access(participant_id=participant.pk, what="participant.details", reason="own data", at=AT)
        by_link, by_professional = AccessRecord.objects.about(participant.pk)
    assert (by_professional.user_id, by_professional.employer, by_professional.role) == (professional.pk, "Buurtwerk Oost", "professional")
    assert (by_link.kind, by_link.user_id, by_link.role) == ("link", None, "my_data")


@pytest.mark.django_db
def test_without_a_context_there_is_nothing_to_log():
    with pytest.raises(RuntimeError):
        record_access(participant_id=make_participant(make_professional()).pk, what="x", reason="x", at=AT)


@pytest.mark.django_db
def test_access_has_a_history_too():
    professional = make_professional()
    participant = make_participant(professional)
    with person_context(UserActor(professional)):
        ParticipantAccess.objects.filter(participant=participant).update(until=timezone.now())
    with person_context(SystemActor("a test looks")):
        access = ParticipantAccess.objects.get(participant=participant)
        assert [event.pgh_label for event in access.events.order_by("pgh_id")] == ["insert", "update"]
