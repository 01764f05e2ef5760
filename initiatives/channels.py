"""Other ways to reach an initiative than by telephone, e-mail or website. Plain data in and out."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any
from urllib.parse import urlsplit

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django_stubs_ext import StrOrPromise

from fieldlab.lib import phones

LONGEST = 200


class ChannelKind(TextChoices):
    WHATSAPP = "whatsapp", "WhatsApp"
    SIGNAL = "signal", "Signal"
    TELEGRAM = "telegram", "Telegram"
    FACEBOOK = "facebook", "Facebook"
    INSTAGRAM = "instagram", "Instagram"
    LINKEDIN = "linkedin", "LinkedIn"
    YOUTUBE = "youtube", "YouTube"
    OTHER = "other", _("Something else")


# The sites that an address of this kind may be on; of "other" any
HOSTS = {
    "whatsapp": ("wa.me", "whatsapp.com"),
    "signal": ("signal.me", "signal.group"),
    "telegram": ("t.me", "telegram.me"),
    "facebook": ("facebook.com", "fb.com", "fb.me"),
    "instagram": ("instagram.com",),
    "linkedin": ("linkedin.com",),
    "youtube": ("youtube.com", "youtu.be"),
}
# Where "@name" is enough
NAMED = {"telegram": "https://t.me/", "instagram": "https://www.instagram.com/", "youtube": "https://www.youtube.com/@"}
# Where a telephone number is enough
NUMBERED = {"whatsapp": "https://wa.me/", "signal": "https://signal.me/#p/+"}

_whole = URLValidator(schemes=["https"])


class NotAnAddress(ValueError):  # noqa: N818 - reads as what it says
    """What was typed cannot be an address of this kind; the message is for whoever typed it."""

    def __init__(self, message: StrOrPromise) -> None:
        super().__init__(message)
        self.message = message


@dataclass(frozen=True)
class Channel:
    """`address` as `normalise` gives it. Not public: only people of the network see it."""

    kind: str
    address: str
    public: bool

    @property
    def label(self) -> str:
        """The name of the service; of another kind that of the site."""
        if self.kind == ChannelKind.OTHER:
            return (urlsplit(self.address).hostname or "").removeprefix("www.")
        return str(ChannelKind(self.kind).label)

    @property
    def href(self) -> str:
        return f"{NUMBERED[self.kind]}{self.address[1:]}" if self.address.startswith("+") else self.address

    @property
    def shown(self) -> str:
        """The address as people read it: a number in groups, or without "https://"."""
        if self.address.startswith("+"):
            return phones.display(self.address)
        return self.address.removeprefix("https://").removeprefix("www.").rstrip("/")


def read(data: Any) -> list[Channel]:
    """Of what `written` gave. What is no address of its kind is left out: it becomes a link."""
    found = []
    for row in data or []:
        try:
            found.append(Channel(row["kind"], normalise(row["kind"], row["address"]), row.get("public") is True))
        except (AttributeError, KeyError, TypeError, NotAnAddress):
            continue
    return found


def written(channels: Iterable[Channel]) -> list[dict[str, Any]]:
    """For the field `channels` of an initiative."""
    return [asdict(channel) for channel in channels]


def normalise(kind: str, typed: str) -> str:
    """The address, from what a person typed: a number, "@name", with or without "https://". Raises NotAnAddress."""
    if kind not in ChannelKind.values:
        raise NotAnAddress(_("Choose what it is."))
    typed = typed.strip()
    if kind in NUMBERED and "/" not in typed:
        try:
            return phones.normalise(typed)
        except phones.NotAPhoneNumber:
            raise NotAnAddress(_("Type a telephone number, for example 06 12 34 56 78, or the whole link.")) from None
    if kind in NAMED and typed.startswith("@"):
        typed = NAMED[kind] + typed[1:]
    return _address(kind, typed)


def _address(kind: str, typed: str) -> str:
    address = f"https://{typed.removeprefix('https://').removeprefix('http://')}"
    try:
        _whole(address)
        parts = urlsplit(address)
        host, odd = parts.hostname or "", bool(parts.username or parts.port) or len(address) > LONGEST or not address.isprintable()
    except (ValidationError, ValueError):
        host, odd = "", True
    if odd:
        raise NotAnAddress(_("This is not an address. Copy it from the top of the page you mean."))
    if kind in HOSTS and not any(host == site or host.endswith(f".{site}") for site in HOSTS[kind]):
        raise NotAnAddress(
            _("This is not a page on %(site)s. Choose ‘something else’, or copy the right address.") % {"site": ChannelKind(kind).label}
        )
    if kind in HOSTS and not (parts.path.strip("/") or parts.fragment):
        raise NotAnAddress(_("This is the front page. Copy the address of your own page."))
    return address
