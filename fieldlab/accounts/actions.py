from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from fieldlab.accounts.models import CoordinatorInvitation, EmploymentChange, User
from fieldlab.accounts.permissions import can_change_employment, can_end_coordinator
from fieldlab.lib.errors import DomainError


def record_employment(
    *, actor: User | None, user: User, employer: str, decides_on_benefits: bool, reason: str, at: datetime
) -> EmploymentChange | None:
    """Write the record and then the two facts on `user`, which the caller has locked. None when nothing changes.

    The database refuses one without the other, and refuses a record by which somebody lowers their own flag.
    """
    if (user.employer, user.decides_on_benefits) == (employer, decides_on_benefits):
        return None
    record = EmploymentChange.objects.create(
        user=user,
        actor=actor,
        employer_before=user.employer,
        employer=employer,
        decides_before=user.decides_on_benefits,
        decides_on_benefits=decides_on_benefits,
        reason=reason,
        changed_at=at,
    )
    user.employer, user.decides_on_benefits = employer, decides_on_benefits
    user.save(update_fields=["employer", "decides_on_benefits"])
    return record


@transaction.atomic
def change_employment(
    *, actor: User, user: User, employer: str, decides_on_benefits: bool, reason: str, at: datetime
) -> EmploymentChange | None:
    """A coordinator records that somebody else works elsewhere, or (no longer) decides or advises on benefits."""
    user = User.objects.select_for_update().get(pk=user.pk)
    if not can_change_employment(actor, user):
        raise DomainError(_("Another coordinator must change this for you."))
    if not reason.strip():
        raise DomainError(_("Say why this changes."))
    return record_employment(
        actor=actor, user=user, employer=employer.strip(), decides_on_benefits=decides_on_benefits, reason=reason.strip(), at=at
    )


@transaction.atomic
def change_profile(*, actor: User, name: str, language: str) -> User:
    """One's own name and language."""
    if language not in dict(settings.LANGUAGES):
        raise DomainError(_("Choose one of the languages of this site."))
    actor.name, actor.language = name.strip(), language
    actor.save(update_fields=["name", "language"])
    return actor


@transaction.atomic
def end_coordinator(*, actor: User, user: User, at: datetime) -> None:
    """Take the role away: it is gone at the person's next request, and so are their open invitations of other coordinators."""
    user = User.objects.select_for_update().get(pk=user.pk)
    if not can_end_coordinator(actor, user):
        raise DomainError(_("Another coordinator must change this for you."))
    user.is_coordinator = False
    user.save(update_fields=["is_coordinator"])
    CoordinatorInvitation.objects.pending().filter(invited_by=user).update(revoked_at=at)
