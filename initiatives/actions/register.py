"""From the first word typed to "received": a draft that is saved as one goes, and handing it in."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from fieldlab.accounts.invitations.actions import invite, resend
from fieldlab.accounts.models import User
from fieldlab.lib.errors import DomainError
from initiatives.actions.slugs import base_slug, free_slug
from initiatives.actions.twins import send_introductions
from initiatives.models import Access, Initiative, InitiativeMember, MemberInvitation, Status
from initiatives.notifications import tell_moderators, tell_received
from initiatives.permissions import can_register_by_phone

DRAFTS_KEPT = timedelta(days=30)
MOST_OWNERLESS = 3  # each is two mails to an address that may be a stranger's
NEEDED = ("name", "kind", "activity", "summary", "access", "area_id")


@transaction.atomic
def save_draft(*, key: UUID, actor: User | None, changes: dict[str, Any], at: datetime, by_phone: bool = False) -> Initiative:
    """Write what was typed so far; the first time this makes the draft. The same key twice is one draft.

    Whoever holds the key may write. Signing in on the way makes the draft one's own. Raises DomainError once it is handed in.
    """
    if by_phone and not (actor and can_register_by_phone(actor)):
        raise DomainError(_("Only a coordinator types for somebody else."))
    draft, _made = Initiative.objects.select_for_update().get_or_create(
        draft_key=key, defaults={"registered_by": actor, "by_phone": by_phone, "created_at": at, "updated_at": at}
    )
    if draft.status != Status.DRAFT:
        raise DomainError(_("You have already sent this registration."))
    if actor and draft.registered_by_id is None:
        changes = {**changes, "registered_by_id": actor.pk}
    write(draft, changes, at)
    return draft


@transaction.atomic
def submit(*, initiative: Initiative, actor: User | None, language: str, at: datetime) -> Initiative:
    """Hand it in, for the first time or after changes were asked. Sending twice is sending once.

    Whoever is signed in becomes its owner; otherwise an owner's invitation goes to its e-mail address, which proves that address.
    """
    initiative = Initiative.objects.select_for_update(of=("self",)).with_area().get(pk=initiative.pk)
    if initiative.status in (Status.SUBMITTED, Status.PUBLISHED):
        return initiative
    if initiative.status == Status.ARCHIVED:
        raise DomainError(_("This page was taken off the site. Call us if that is not right."))
    if not is_complete(initiative):
        raise DomainError(_("Something is still missing. Answer all the questions first."))
    if actor is None and _ownerless(initiative.email) >= MOST_OWNERLESS:
        raise DomainError(
            _("Several registrations with this e-mail address are waiting already. First open the e-mails about them, or call us.")
        )
    initiative.status = Status.SUBMITTED
    initiative.submitted_at = initiative.confirmed_at = initiative.updated_at = at
    initiative.revision += 1
    _save_with_slug(initiative)
    tell_received(initiative, actor, language, at=at)
    _give_owner(initiative, actor, language, at)
    tell_moderators(initiative, at=at)
    send_introductions(initiative=initiative, at=at)
    return initiative


def _ownerless(email: str) -> int:
    """How many entries went to this address, which nobody has proved: anybody may type anybody's."""
    handed_in = Initiative.objects.filter(status=Status.SUBMITTED, members__isnull=True)
    return handed_in.filter(email=email).count() if email else 0


def is_complete(initiative: Initiative) -> bool:
    """Ready to be handed in; the database holds the same rules."""
    reachable = initiative.phone or initiative.email
    shown = initiative.access == Access.WALK_IN or initiative.public_phone or initiative.public_email
    return all(getattr(initiative, name) for name in NEEDED) and bool(reachable and shown)


@transaction.atomic
def discard_draft(*, draft: Initiative) -> None:
    """Throw it away. Raises DomainError once it is handed in."""
    draft = Initiative.objects.select_for_update().get(pk=draft.pk)
    if draft.status != Status.DRAFT:
        raise DomainError(_("You have already sent this registration."))
    draft.delete()


def remove_old_drafts(*, at: datetime) -> int:
    """Delete drafts that nobody touched for 30 days: they hold names and numbers. Returns how many."""
    _total, counts = Initiative.objects.filter(status=Status.DRAFT, updated_at__lt=at - DRAFTS_KEPT).delete()
    return counts.get(Initiative._meta.label, 0)


def write(initiative: Initiative, changes: dict[str, Any], at: datetime) -> None:
    """Save `changes` (field name to value) on a locked initiative, as one revision; nothing when nothing changes.

    Raises DomainError when it is no draft and would no longer be complete.
    """
    changed = [name for name, value in changes.items() if getattr(initiative, name) != value]
    if not changed:
        return
    for name in changed:
        setattr(initiative, name, changes[name])
    if initiative.status != Status.DRAFT and not is_complete(initiative):
        raise DomainError(_("Something is still missing. Answer all the questions first."))
    if initiative.access == Access.NO_FIXED_PLACE:
        initiative.street = initiative.house_number = initiative.postcode = initiative.city = ""
        initiative.location = None
    initiative.updated_at = at
    initiative.revision += 1
    initiative.save()


def _save_with_slug(initiative: Initiative) -> None:
    """The database is the last judge of a slug: when somebody else was just before us, take the next one."""
    while initiative.slug is None:
        taken = set(Initiative.objects.filter(slug__startswith=base_slug(initiative.name)).values_list("slug", flat=True))
        initiative.slug = free_slug(initiative.name, {slug for slug in taken if slug})
        try:
            with transaction.atomic():
                initiative.save(update_fields=["slug"])
        except IntegrityError:
            initiative.slug = None
    initiative.save()


def _give_owner(initiative: Initiative, actor: User | None, language: str, at: datetime) -> None:
    if initiative.members.filter(role=InitiativeMember.Role.OWNER).exists():
        return
    if actor and not initiative.by_phone:
        owner = {"role": InitiativeMember.Role.OWNER}
        InitiativeMember.objects.update_or_create(initiative=initiative, user=actor, defaults=owner, create_defaults={**owner, "since": at})
        return
    # Where the address was put right, the wrong one's link stops working.
    initiative.invitations.pending().exclude(email=initiative.email.lower()).update(revoked_at=at)
    if not initiative.email:
        return
    pending = initiative.invitations.pending().filter(email=initiative.email.lower()).first()
    if pending:
        resend(pending, at=at)
        return
    invitation = MemberInvitation(
        initiative=initiative,
        member_role=InitiativeMember.Role.OWNER,
        email=initiative.email,
        name=initiative.contact_name or initiative.name,
        language=language,
        # Says nothing about where they work, which is a wall: nobody names their own employer by naming an initiative
        decides_on_benefits=False,
    )
    invite(invitation, actor=actor, at=at)
