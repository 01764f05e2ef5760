from datetime import datetime

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q, Value
from django.utils.translation import gettext_lazy as _

from fieldlab.accounts.models import Invitation, User
from initiatives.models.choices import Topic
from initiatives.models.search import MARK_MAP_CHANGE
from initiatives.querysets import AreaContactQuerySet

_TOPIC = models.CharField(max_length=24, choices=Topic.choices)


class AreaContact(models.Model):
    """Who at the municipality to call about an area; a public entry."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="area_contacts")
    name = models.CharField(_("name"), max_length=80)
    function = models.CharField(_("function"), max_length=120)
    organisation = models.CharField(_("organisation"), max_length=120)
    areas = models.ManyToManyField("areas.Area", related_name="contacts", verbose_name=_("areas"))
    topics = ArrayField(_TOPIC, verbose_name=_("what for"), default=list, db_default=Value([], output_field=ArrayField(_TOPIC)), blank=True)
    phone = models.CharField(_("telephone"), max_length=16, blank=True)
    email = models.EmailField(_("e-mail address"), blank=True)

    website = models.URLField(_("website"), blank=True, db_default="")
    # In their own words: when to call, what not to come for
    note = models.CharField(_("good to know"), max_length=240, blank=True, db_default="")
    # Rises with every edit, so that a second editor is noticed
    revision = models.PositiveIntegerField(default=1, db_default=1)
    confirmed_at = models.DateTimeField(_("last confirmed at"), null=True, blank=True)

    objects = AreaContactQuerySet.as_manager()

    class Meta:
        verbose_name = _("municipal contact")
        ordering = ["name", "pk"]
        triggers = [MARK_MAP_CHANGE]
        constraints = [
            models.CheckConstraint(
                condition=~Q(phone="") | ~Q(email=""),
                name="area_contact_reachable",
                violation_error_message=_("Give a telephone number or an e-mail address."),
            ),
            models.CheckConstraint(
                condition=Q(phone="") | Q(phone__regex=r"^\+[1-9][0-9]{6,14}$"),
                name="area_contact_phone",
                violation_error_message=_("A telephone number has ten figures, or starts with +."),
            ),
            models.CheckConstraint(
                condition=Q(topics__contained_by=list(Topic.values)),
                name="area_contact_topics_known",
                violation_error_message=_("One of these choices does not exist."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def topic_words(self) -> list[str]:
        return [str(Topic(topic).label) for topic in self.topics]


class ContactInvitation(Invitation):
    """An invitation to keep one's own entry as a municipal contact true."""

    slug = "aanspreekpunt"
    role = _("municipal contact")

    contact = models.ForeignKey(AreaContact, on_delete=models.CASCADE, related_name="invitations")

    class Meta(Invitation.Meta):
        verbose_name = _("invitation of a municipal contact")
        constraints = [
            *Invitation.Meta.constraints,
            models.UniqueConstraint(
                fields=["contact"],
                condition=Q(accepted_at__isnull=True, revoked_at__isnull=True),
                name="contact_invitation_open_once",
                violation_error_message=_("Somebody is already invited."),
            ),
        ]

    def purpose(self) -> str:
        return str(_("You stand on the site as a contact of the municipality. You keep what it says about you up to date."))

    def grant(self, user: User, at: datetime) -> None:
        self.contact.user = user
        self.contact.save(update_fields=["user"])
