"""Signed links, for people without an account.

A link says what it is for, which object it is about, at which revision, and until when; nobody but us can make or change one.
It is no secret of one person: mail scanners open it, people forward it. So a page behind a link

- changes nothing on GET: it shows what will happen, with a button that POSTs to the same address;
- shows no more than the mail did;
- compares the link's revision with the object's (`claim.check_revision`), so that a link dies when the object changes, and with
  an object that each use changes, is used once.

Nothing is stored. A link that must be withdrawn by hand needs a row of its own (see fieldlab.accounts.invitations).
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.core import signing
from django.utils.translation import gettext as _

from fieldlab.lib.errors import DomainError

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class LinkInvalid(DomainError):  # noqa: N818 - reads as what it says
    """Not one of our links, or not for this."""


class LinkExpired(DomainError):  # noqa: N818
    """One of our links, but its time is over or its object has changed since."""


@dataclass(frozen=True)
class LinkClaim:
    object_id: str
    revision: str
    expires: datetime

    def check_revision(self, current: object) -> None:
        """Raises LinkExpired when the object is no longer as it was when the link was made."""
        if self.revision != str(current):
            raise LinkExpired(_("This link has been used, or something has changed since we sent it."))


def make_link_token(purpose: str, object_id: object, revision: object, expires: datetime) -> str:
    """A token of letters, digits, `-`, `_` and one dot. It can be read by anyone: ids only, no personal data."""
    claim = [str(object_id), str(revision), (expires - _EPOCH) // timedelta(microseconds=1)]
    return _signer(purpose).sign_object(claim)


def read_link_token(purpose: str, token: str, at: datetime) -> LinkClaim:
    """What the token says, before `expires`. Raises LinkInvalid or LinkExpired, with a message for people."""
    try:
        object_id, revision, microseconds = _signer(purpose).unsign_object(token)
    except signing.BadSignature:
        raise LinkInvalid(_("This link is not right. Was it cut off? Copy the whole address from the message.")) from None
    claim = LinkClaim(object_id, revision, _EPOCH + timedelta(microseconds=microseconds))
    if at >= claim.expires:
        raise LinkExpired(_("This link is too old. Ask for a new one, or call us."))
    return claim


def _signer(purpose: str) -> signing.Signer:
    return signing.Signer(salt=f"fieldlab.link.{purpose}", sep=".")
