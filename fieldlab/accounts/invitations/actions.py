"""The flow that every invitation follows, whatever role it gives."""

import hashlib
import secrets
from datetime import datetime
from typing import TypeVar

from allauth.account.models import EmailAddress
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import ProtectedError
from django.utils.translation import gettext as _

from fieldlab.accounts.actions import record_employment
from fieldlab.accounts.invitations.notifications import queue_invitation
from fieldlab.accounts.models import INVITATION_LASTS, Invitation, User
from fieldlab.lib.errors import DomainError

Kind = TypeVar("Kind", bound=Invitation)


def digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


@transaction.atomic
def invite(invitation: Kind, *, actor: User | None, at: datetime) -> Kind:
    """Save a filled-in, unsaved invitation and queue its mail. `actor` is None on the command line.

    Raises DomainError where the table's own constraints refuse it, such as a second open invitation for the same role.
    """
    invitation.email = invitation.email.strip().lower()
    invitation.invited_by, invitation.created_at = actor, at
    token = _renew(invitation, at)
    try:
        with transaction.atomic():
            invitation.full_clean()
            invitation.save(force_insert=True)
    except ValidationError as error:
        raise DomainError(" ".join(error.messages)) from error
    except IntegrityError as error:
        raise DomainError(_("This person is already invited. Send that invitation again.")) from error
    queue_invitation(invitation, token, at=at)
    return invitation


@transaction.atomic
def resend(invitation: Kind, *, at: datetime) -> Kind:
    """Send a new link, valid for another two weeks; the old link stops working. Raises DomainError once accepted or withdrawn."""
    invitation = _locked_pending(invitation)
    token = _renew(invitation, at)
    invitation.save(update_fields=["token_digest", "expires_at"])
    queue_invitation(invitation, token, at=at)
    return invitation


@transaction.atomic
def revoke(invitation: Kind, *, at: datetime) -> Kind:
    """Withdraw it: the link stops working. Raises DomainError once accepted or withdrawn."""
    invitation = _locked_pending(invitation)
    invitation.revoked_at = at
    invitation.save(update_fields=["revoked_at"])
    return invitation


@transaction.atomic
def accept(model: type[Kind], token: str, *, actor: User, at: datetime) -> Kind:
    """Give `actor` the role. Raises DomainError unless the link is open and `actor` has proved its e-mail address.

    An account's employer is filled in where it was empty, and its benefits flag raised where the invitation says so, with a
    record; neither is replaced or lowered here, as inviting somebody must not be a way around that wall.
    """
    invitation = _locked_open(model, token, at)
    if not EmailAddress.objects.filter(user=actor, email=invitation.email, verified=True).exists():
        raise DomainError(_("This invitation is for another e-mail address. Sign out, sign in with that address and open the link again."))
    return _grant(invitation, User.objects.select_for_update().get(pk=actor.pk), at)


@transaction.atomic
def accept_as_new(model: type[Kind], token: str, *, name: str, decides_on_benefits: bool, password: str, at: datetime) -> User:
    """Make an account for whoever holds the link, which proves the address, and give it the role.

    The benefits flag is up where they or the invitation say so. Without a password they sign in by e-mailed codes. Raises
    DomainError where the link is not open or the address has an account already. An account whose address was never proved
    gives way: nobody could sign in to it, and whoever made it may not have been the owner of the address.
    """
    invitation = _locked_open(model, token, at)
    if account_for(invitation) is not None:
        raise DomainError(_("There is already an account with this e-mail address. Sign in and open the link again."))
    try:
        User.objects.filter(email=invitation.email).delete()
    except ProtectedError as error:  # such as a record of employment, which is kept for good
        raise DomainError(_("There is an account with this e-mail address that is not finished. Call us, then we put it right.")) from error
    try:
        with transaction.atomic():
            user = User.objects.create_user(
                invitation.email,
                password or None,
                name=name.strip(),
                language=invitation.language,
                employer=invitation.employer,
                decides_on_benefits=invitation.decides_on_benefits or decides_on_benefits,
            )
            EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    except IntegrityError as error:
        raise DomainError(_("There is already an account with this e-mail address. Sign in and open the link again.")) from error
    _grant(invitation, user, at)
    return user


def find(model: type[Kind], token: str) -> Kind | None:
    return model._default_manager.filter(token_digest=digest(token)).first()


def account_for(invitation: Invitation) -> User | None:
    """The account that has proved the invitation's address."""
    user: User | None = User.objects.filter(emailaddress__email=invitation.email, emailaddress__verified=True).first()
    return user


def _renew(invitation: Invitation, at: datetime) -> str:
    token = secrets.token_urlsafe(32)
    invitation.token_digest, invitation.expires_at = digest(token), at + INVITATION_LASTS
    return token


def _locked_pending(invitation: Kind) -> Kind:
    locked: Kind = type(invitation)._default_manager.select_for_update().get(pk=invitation.pk)
    if locked.accepted_at or locked.revoked_at:
        raise DomainError(_("This invitation was already accepted or withdrawn."))
    return locked


def _locked_open(model: type[Kind], token: str, at: datetime) -> Kind:
    invitation: Kind | None = model._default_manager.select_for_update().filter(token_digest=digest(token)).first()
    if invitation is None or not invitation.is_open(at):
        raise DomainError(_("This invitation no longer works."))
    return invitation


def _grant(invitation: Kind, user: User, at: datetime) -> Kind:
    record_employment(
        actor=invitation.invited_by,
        user=user,
        employer=user.employer or invitation.employer,
        decides_on_benefits=user.decides_on_benefits or invitation.decides_on_benefits,
        reason=_("Invitation as %(role)s") % {"role": invitation.role},
        at=at,
    )
    if invitation.needs_second_factor and not user.needs_second_factor:
        user.needs_second_factor = True
        user.save(update_fields=["needs_second_factor"])
    invitation.grant(user, at)
    invitation.accepted_at, invitation.accepted_by = at, user
    invitation.save(update_fields=["accepted_at", "accepted_by"])
    return invitation
