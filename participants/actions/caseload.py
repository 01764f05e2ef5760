"""A professional hands people over to a colleague, for good or for a while: nobody is left without somebody to call."""

from collections.abc import Iterable
from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from fieldlab.accounts.models import User
from fieldlab.lib.errors import DomainError, constraint_of
from participants.actions.locks import locked_by_platform
from participants.actions.people import grant_access, hand_over
from participants.models import AccessReason, Appointment, FollowUp, HandOver, Participant, ParticipantAccess, Professional
from participants.notifications.appointments import tell_moved
from participants.notifications.left import tell_former_professional

CLASH = "appointment_one_talk_at_a_time"


@transaction.atomic
def hand_over_people(
    *, participants: Iterable[Participant], giver: User, taker: Professional, at: datetime, actor: User | None = None
) -> int:
    """For good: talks that are agreed, and moments to ask how it is going, go to the colleague too. Returns how many people.

    `actor` arranges it: the giver, unless said otherwise.

    All or nobody. Raises DomainError when the colleague has another talk at one of those times.
    """
    people = _locked(participants, taker)
    for participant in people:
        take_along(participant, giver, taker, at)
        hand_over(participant=participant, giver=giver, taker=taker.user, actor=actor or giver)
    return len(people)


def _locked(participants: Iterable[Participant], taker: Professional) -> list[Participant]:
    """All of them in one order, and then whoever takes over, so that they do not stop meanwhile."""
    people = sorted(participants, key=lambda each: each.pk)
    for participant in people:
        locked_by_platform(participant.pk)
    helping = Professional.objects.helping().select_for_update(of=["self"], no_key=True)
    if helping.filter(pk=taker.pk).first() is None:
        raise DomainError(_("%(name)s cannot take over any more. Choose another colleague.") % {"name": taker.user.name})
    return people


def take_along(participant: Participant, giver: User, taker: Professional, at: datetime) -> None:
    """While the giver may still see them, and with both locked."""
    FollowUp.objects.filter(participant=participant, professional=giver, done_at=None).update(professional=taker.user)
    HandOver.objects.open().filter(participant=participant, professional=giver).update(professional=taker.user)
    coming = Appointment.objects.filter(participant=participant, professional__user=giver).coming(at)
    for appointment in coming.with_whom_and_where().select_for_update(of=("self",)):
        tell_former_professional(appointment=appointment, professional=appointment.professional, at=at)
        appointment.professional = taker
        appointment.sequence += 1
        try:
            with transaction.atomic():
                appointment.save(update_fields=["professional", "sequence"])
        except IntegrityError as error:
            if constraint_of(error) != CLASH:
                raise
            begins = timezone.localtime(appointment.begins)
            words = _("%(name)s has another talk on %(day)s at %(time)s. Move that appointment first.")
            raise DomainError(words % {"name": taker.user.name, "day": f"{begins:%d-%m}", "time": f"{begins:%H.%M}"}) from error
        tell_moved(appointment=appointment, at=at)


@transaction.atomic
def stand_in(*, participants: Iterable[Participant], giver: User, taker: Professional, until: datetime) -> int:
    """For a while: the colleague sees them until then, and the giver goes on seeing them. Who is seen already is left as it is."""
    people = _locked(participants, taker)
    theirs = set(Participant.objects.handed_on_by(giver).filter(pk__in=[each.pk for each in people]).values_list("pk", flat=True))
    if any(each.pk not in theirs for each in people):
        raise DomainError(_("Who stands in for a while gives nobody further."))
    seen = set(ParticipantAccess.objects.open().filter(participant__in=people, user=taker.user).values_list("participant_id", flat=True))
    for participant in people:
        if participant.pk not in seen:
            grant_access(participant=participant, user=taker.user, reason=AccessReason.REPLACEMENT, actor=giver, until=until)
    return len(people)
