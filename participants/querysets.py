"""The query vocabulary. Lists start from `visible_to(user)`; row-level security hides the same rows below it."""

from datetime import datetime, timedelta
from functools import reduce
from operator import or_
from typing import Any, Self

from django.apps import apps
from django.db import models
from django.db.models import Count, Exists, F, OuterRef, Q, Subquery
from django.db.models.fields.json import KT
from django.db.models.functions import Coalesce, Greatest, Now
from django.utils import timezone

from fieldlab.accounts.models import User
from fieldlab.lib.opening import start_of

# Reasons of access by which one sees how to reach somebody and what was agreed, and no more
_CONTACT_ONLY = ("brought_in", "receives")
# As history says why access ended, when whoever had it stopped working here
STOPPED = "a professional stops working here"


def _open(access: str = "") -> Q:
    """The condition that an access holds now; `access` is the path to it, such as "accesses__".

    By the clock of the database, which the policies read too: both walls open and close at the same instant.
    """
    now = Now()
    return Q(**{f"{access}valid_from__lte": now}) & (Q(**{f"{access}until": None}) | Q(**{f"{access}until__gt": now}))


def _sees_nobody(user: Any) -> bool:
    return not user.is_authenticated or user.decides_on_benefits or not user.is_active


def _teams(user: User) -> Any:
    return user.initiative_memberships.values("initiative")


class ParticipantQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: User) -> Self:
        """Oneself, and those whose details one was given to see. Whoever decides or advises on benefits sees nobody.

        The first wall. Row-level security is the second: it hides the same rows, and all of them outside of person_context.
        """
        if _sees_nobody(user):
            return self.none()
        everybody = self.model._default_manager.order_by()
        given = everybody.filter(_open("accesses__"), ~Q(accesses__reason__in=_CONTACT_ONLY), accesses__user=user)
        return self.filter(pk__in=given.values("pk").union(everybody.filter(user=user).values("pk")))

    def handed_on_by(self, user: User) -> Self:
        """Whom this professional helps for good, and so may give to a colleague: not who stands in for a while."""
        lasting = apps.get_model("participants", "ParticipantAccess")._default_manager.open().lasting().filter(user=user)
        return self.helped_by(user).filter(pk__in=lasting.values("participant"))

    def helped_by(self, user: User) -> Self:
        """Whom this professional helps: not themselves, and nobody at whom they only look in an emergency."""
        theirs = _open("accesses__") & ~Q(accesses__reason__in=(*_CONTACT_ONLY, "break_glass")) & Q(accesses__user=user)
        given = self.model._default_manager.order_by().filter(theirs).values("pk")
        return self.none() if _sees_nobody(user) else self.filter(pk__in=given, erased_at=None).exclude(user=user)

    def reachable_by(self, user: User) -> Self:
        """Besides those, whom a team of theirs brought in or receives: name, number and what was agreed, and no more."""
        if _sees_nobody(user):
            return self.none()
        everybody = self.model._default_manager.order_by()
        given = everybody.filter(_open("accesses__"), Q(accesses__user=user) | Q(accesses__initiative__in=_teams(user)))
        return self.filter(pk__in=given.values("pk").union(everybody.filter(user=user).values("pk")))

    def in_force(self) -> Self:
        return self.filter(erased_at=None)

    def to_open(self) -> Self:
        """With the key that opens their details, and where they live, in the same query."""
        places = self.select_related("key", "neighbourhood__parent__parent")
        return places.defer(*(f"neighbourhood__{above}boundary" for above in ("", "parent__", "parent__parent__")))

    def without_a_talk(self) -> Self:
        """Nobody has talked with them yet, and nothing is agreed. Who could not come waits as before."""
        talks = apps.get_model("participants", "Appointment")._default_manager
        agreed = talks.filter(participant=OuterRef("pk"), status__in=("booked", "came"))
        written = apps.get_model("participants", "IntakeReport")._default_manager.filter(participant=OuterRef("pk"))
        return self.filter(~Exists(agreed), ~Exists(written))

    def left_behind(self, at: datetime) -> Self:
        """Who was helped by somebody who stopped, and by nobody for good since; not who ended it themselves.

        Each with `left_at`, and with `untold`: when a talk was to be of which they do not know yet that it is cancelled; those first.
        Read as the platform: nobody here may see them.
        """
        accesses = apps.get_model("participants", "ParticipantAccess")._default_manager.open().lasting()
        theirs = accesses.filter(participant=OuterRef("pk"), user__professional__isnull=False)
        helped = theirs.filter(user__professional__ended_at=None, user__is_active=True, user__decides_on_benefits=False)
        ends = apps.get_model("participants", "ParticipantAccessEvent")._default_manager.filter(
            participant=OuterRef("pk"), user__isnull=False, pgh_label="update"
        )
        last = ends.exclude(reason__in=(*_CONTACT_ONLY, "break_glass")).order_by("-pgh_id").annotate(why=KT("pgh_context__reason"))
        answers = apps.get_model("participants", "Consent")._default_manager.filter(participant=OuterRef("pk"), purpose="details")
        found = (
            self.in_force()
            .filter(~Exists(helped))
            .alias(last_end=Subquery(last.values("why")[:1]), said=Subquery(answers.order_by("-at", "-pk").values("answer")[:1]))
        )
        found = found.filter(Q(last_end=STOPPED) | Exists(theirs)).filter(Q(said=None) | Q(said="given"))
        untold = apps.get_model("participants", "Appointment")._default_manager.to_tell(at).filter(participant=OuterRef("pk"))
        return found.annotate(
            left_at=Coalesce(Subquery(last.values("pgh_created_at")[:1]), "last_contact_at", "created_at"),
            untold=Subquery(untold.order_by("begins").values("begins")[:1]),
        ).order_by(F("untold").asc(nulls_last=True), "left_at", "pk")


class ParticipantAccessQuerySet(models.QuerySet[Any]):
    def open(self) -> Self:
        return self.filter(_open())

    def lasting(self) -> Self:
        """Without an end, to the whole file."""
        return self.filter(until=None).exclude(reason__in=(*_CONTACT_ONLY, "break_glass"))

    def end(self) -> int:
        """Now; also what was to begin later. A card's code that somebody gave opens no longer than they see whom they gave it to."""
        if not self:
            return 0
        given = [Q(participant=each.participant_id, issued_by=each.user_id) for each in self if each.user_id]
        if given:
            codes = apps.get_model("participants", "PersonalCode")._default_manager
            codes.filter(reduce(or_, given), revoked_at=None).update(revoked_at=Now())
        return self.update(until=Greatest("valid_from", Now()))


class AboutParticipantQuerySet(models.QuerySet[Any]):
    """Rows that belong to one participant and are seen by whoever may open that participant's details."""

    def visible_to(self, user: User) -> Self:
        visible = apps.get_model("participants", "Participant")._default_manager.visible_to(user)
        return self.filter(participant__in=visible.order_by().values("pk"))

    def about(self, participant: Any) -> Self:
        return self.filter(participant=participant)


class CallRequestQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: User) -> Self:
        """Those that came for a team of one's own or were brought in by it, and for a professional those of their districts.

        A professional of no fixed district sees those of every district. `reachable_requests()` in the database agrees.
        """
        if _sees_nobody(user):
            return self.none()
        seen = Q(initiative__in=_teams(user)) | Q(brought_by__in=_teams(user))
        role = apps.get_model("participants", "Professional")._default_manager.filter(user=user, ended_at=None).first()
        if role is not None:
            areas = list(role.areas.order_by().values_list("pk", flat=True))
            mine = Q(area__in=areas) | Q(area__parent__in=areas) | Q(area__parent__parent__in=areas) if areas else Q(area__isnull=False)
            seen |= mine & Q(initiative=None)
        return self.filter(seen)

    def alive(self, at: datetime) -> Self:
        return self.filter(ends_at__gt=at)

    def to_call(self, at: datetime) -> Self:
        """Who waits for a call now, the longest waiting first."""
        return self.alive(at).filter(Q(call_after=None) | Q(call_after__lte=at), spoken_at=None).order_by("asked_at", "pk")

    def with_calls(self) -> Self:
        """Each with `tried`: how often somebody called."""
        return self.annotate(tried=Count("calls"))


class ConsentTextQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: Any) -> Self:
        """Everybody may read them."""
        return self

    def current(self) -> Self:
        """Of each purpose the latest version that is there in checked Dutch, in all its languages."""
        newest = self.model._default_manager.filter(language="nl", checked_at__isnull=False, purpose=OuterRef("purpose"))
        return self.filter(version=Subquery(newest.order_by("-version").values("version")[:1]))


class ConsentQuerySet(AboutParticipantQuerySet):
    def last(self) -> Self:
        """The last answer for each purpose: the one that holds."""
        return self.order_by("participant_id", "purpose", "-at", "-pk").distinct("participant_id", "purpose")

    def given(self, participant: Any, purpose: str) -> bool:
        """Whether the last answer for this purpose is a yes."""
        answer = self.filter(participant=participant, purpose=purpose).order_by("-at", "-pk").values_list("answer", flat=True).first()
        return answer == "given"


class AppointmentQuerySet(AboutParticipantQuerySet):
    def with_whom_and_where(self) -> Self:
        """With the professional, the room and the place; of where that lies its name and middle, not its boundary."""
        found = self.select_related("professional__user", "room", "place__initiative__area", "place__own_area")
        return found.defer("place__initiative__area__boundary", "place__own_area__boundary")

    def coming(self, at: datetime) -> Self:
        """Agreed, and not over."""
        return self.filter(status="booked", ends__gt=at).order_by("begins", "pk")

    def agreed(self) -> Self:
        """Not only offered, and not cancelled."""
        return self.filter(status__in=("booked", "came", "missed"))

    def to_remind(self, at: datetime) -> Self:
        """Of the day after this one, the agreed ones about which no reminder went."""
        today = timezone.localdate(at)
        begin, end = (start_of(today + timedelta(days=days)) for days in (1, 2))
        return self.filter(status="booked", reminded_at=None, begins__gte=begin, begins__lt=end).order_by("begins", "pk")

    def to_tell(self, at: datetime) -> Self:
        """What changed without a message that could tell it: not over, and nobody told the participant by telephone since."""
        told = apps.get_model("participants", "Call")._default_manager.filter(
            appointment=OuterRef("pk"), at__gte=OuterRef("to_tell_since"), again_at=None
        )
        return self.filter(~Exists(told), to_tell_since__isnull=False, begins__gt=at).order_by("to_tell_since", "pk")


class EarlierWishQuerySet(AboutParticipantQuerySet):
    def waiting(self) -> Self:
        """Open, and offered nothing now; who waits longest first."""
        return self.filter(ended_at=None, offered=None).order_by("waits_from", "pk")


class IntakeReportQuerySet(AboutParticipantQuerySet):
    def with_a_draft(self) -> Self:
        """Something is written down that the participant has not approved."""
        sentences = apps.get_model("participants", "ReportSentence")._default_manager.filter(report=OuterRef("pk"))
        return self.filter(Q(guide__isnull=False) | Exists(sentences))


class PlanStepQuerySet(AboutParticipantQuerySet):
    def open(self) -> Self:
        return self.filter(status__in=("planned", "doing"))


class HandOverQuerySet(AboutParticipantQuerySet):
    def at_team_of(self, user: User) -> Self:
        """What was asked of the teams of this user."""
        return self.none() if _sees_nobody(user) else self.filter(initiative__in=_teams(user))

    def open(self) -> Self:
        return self.filter(state__in=("asked", "yes", "other_day"))

    def overdue(self, at: datetime) -> Self:
        """Asked, and not answered in time."""
        return self.filter(state="asked", answer_by__lte=at).order_by("answer_by", "pk")

    def with_place(self) -> Self:
        """With the initiative and whoever asked, in the same query."""
        return self.select_related("initiative", "professional")
