from datetime import datetime

from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q, Value
from django.utils.translation import gettext_lazy as _
from django_stubs_ext import StrOrPromise

from fieldlab.accounts.models import NetworkRole, RoleInvitation, User
from fieldlab.areas.models import Area
from initiatives.models import Language

_LANGUAGE = models.CharField(max_length=24, choices=Language.choices)


class TalkKind(models.TextChoices):
    FIRST = "first", _("first talk")
    PLAN = "plan", _("look at the plan")
    FOLLOW_UP = "follow_up", _("how is it going")


def _minutes(verbose_name: StrOrPromise, default: int, least: int, most: int) -> "models.PositiveSmallIntegerField[int, int]":
    limits = [MinValueValidator(least), MaxValueValidator(most)]
    return models.PositiveSmallIntegerField(verbose_name, default=default, db_default=default, validators=limits)


class Professional(NetworkRole):
    """A participation professional, and how they plan their talks. Their employer is the account's."""

    areas = models.ManyToManyField(Area, verbose_name=_("works in"), related_name="+", blank=True)
    languages = ArrayField(
        _LANGUAGE, verbose_name=_("speaks"), default=list, db_default=Value([], output_field=ArrayField(_LANGUAGE)), blank=True
    )
    # What people read before they choose: who they will meet
    introduction = models.CharField(_("about yourself"), max_length=240, blank=True, db_default="")
    phone = models.CharField(_("telephone number for participants"), max_length=16, blank=True, db_default="")
    first_minutes = _minutes(_("minutes for a first talk"), 60, 15, 180)
    plan_minutes = _minutes(_("minutes to look at a plan"), 45, 15, 180)
    follow_up_minutes = _minutes(_("minutes to hear how it is going"), 30, 10, 180)
    buffer_minutes = _minutes(_("minutes between two talks"), 15, 0, 120)
    lead_hours = _minutes(_("hours before which a talk is booked"), 24, 0, 336)
    most_per_day = _minutes(_("most talks in a day"), 4, 1, 12)

    class Meta(NetworkRole.Meta):
        verbose_name = _("participation professional")
        constraints = [
            *NetworkRole.Meta.constraints,
            models.CheckConstraint(
                condition=Q(languages__contained_by=list(Language.values)),
                name="professional_languages_known",
                violation_error_message=_("One of these choices does not exist."),
            ),
            models.CheckConstraint(
                condition=Q(first_minutes__range=(15, 180))
                & Q(plan_minutes__range=(15, 180))
                & Q(follow_up_minutes__range=(10, 180))
                & Q(buffer_minutes__range=(0, 120))
                & Q(lead_hours__range=(0, 336))
                & Q(most_per_day__range=(1, 12)),
                name="professional_times_possible",
                violation_error_message=_("One of these numbers is too small or too large."),
            ),
            models.CheckConstraint(
                condition=Q(phone="") | Q(phone__regex=r"^\+[1-9][0-9]{6,14}$"),
                name="professional_phone",
                violation_error_message=_("A telephone number has ten figures, or starts with +."),
            ),
        ]

    def minutes_for(self, kind: str) -> int:
        minutes: int = getattr(self, f"{TalkKind(kind).value}_minutes")
        return minutes


class ProfessionalInvitation(RoleInvitation):
    slug = "professional"
    role = _("participation professional")
    needs_second_factor = True
    gives = Professional

    district = models.ForeignKey(Area, verbose_name=_("works in"), null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    class Meta(RoleInvitation.Meta):
        verbose_name = _("invitation of a professional")

    def purpose(self) -> str:
        return str(_("You help people who want to do something of their own. You only see the people whom you help."))

    def grant(self, user: User, at: datetime) -> None:
        super().grant(user, at)
        if self.district is not None:
            Professional.objects.get(user=user).areas.add(self.district)
