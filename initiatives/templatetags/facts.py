"""What an entry says about itself, in words with their icons: `{% load facts %}{% offered initiative as offers %}`."""

from datetime import datetime
from typing import NamedTuple

from django import template
from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django_stubs_ext import StrPromise

from initiatives.forms.offer import ICONS
from initiatives.models import Access, Accessibility, Audience, Initiative, Language, Offer, Phase, Theme
from initiatives.search import Distance, distance

register = template.Library()

PHASES: dict[str, StrPromise] = {
    "idea": _("This is still an idea. Ask whether you can think along."),
    "start": _("They began a short time ago."),
    "growing": _("They are growing. There is more and more to do."),
    "stable": _("They have been here for a while and carry on as they are."),
    "stopping": _("They are going to stop. Ask what you can still do here."),
}
# As its speakers write it; a sign language has no own script
OWN_NAMES = {
    "nl": "Nederlands",
    "en": "English",
    "ar": "العربية",
    "tr": "Türkçe",
    "zgh": "Tamaziɣt",
    "ti": "ትግርኛ",
    "uk": "Українська",
    "es": "Español",
    "pl": "Polski",
    "fr": "Français",
    "pt": "Português",
    "srn": "Sranantongo",
    "pap": "Papiamentu",
    "so": "Soomaali",
    "fa": "فارسی",
    "ku": "Kurdî",
    "ur": "اردو",
    "hi": "हिन्दी",
    "tw": "Twi",
    "am": "አማርኛ",
    "zh": "中文",
    "bg": "Български",
    "ro": "Română",
    "ru": "Русский",
}
RIGHT_TO_LEFT = {"ar", "fa", "ur"}


class Fact(NamedTuple):
    label: str
    icon: str


class Spoken(NamedTuple):
    """A language; `own` is its name in itself, empty where that is the same word."""

    code: str
    label: str
    own: str
    direction: str


class Told(NamedTuple):
    known: list[str]
    unknown: list[str]


def _in_order(choices: type[TextChoices], values: list[str]) -> list[str]:
    return [str(value) for value in choices.values if value in values]


@register.simple_tag
def offered(initiative: Initiative) -> list[Fact]:
    return [Fact(str(Offer(value).label), ICONS[Offer(value)]) for value in _in_order(Offer, initiative.offers)]


@register.simple_tag
def spoken(initiative: Initiative) -> list[Spoken]:
    languages = []
    for code in _in_order(Language, initiative.languages):
        label, own = str(Language(code).label), OWN_NAMES.get(code, "")
        languages.append(Spoken(code, label, "" if own == label else own, "rtl" if code in RIGHT_TO_LEFT else "ltr"))
    return languages


@register.simple_tag
def accessible(initiative: Initiative) -> Told:
    """What was said, and what was not: no word about a lift does not mean that there is none."""
    words = {value: str(Accessibility(value).label) for value in Accessibility.values}
    known = _in_order(Accessibility, initiative.accessibility)
    return Told([words[value] for value in known], [word for value, word in words.items() if value not in known])


@register.simple_tag
def themes(initiative: Initiative) -> list[str]:
    return [str(Theme(value).label) for value in _in_order(Theme, initiative.themes)]


@register.simple_tag
def audiences(initiative: Initiative) -> list[str]:
    return [str(Audience(value).label) for value in _in_order(Audience, initiative.audiences)]


@register.filter
def phase_words(phase: str) -> str:
    return str(PHASES[phase]) if phase in Phase.values else ""


@register.filter
def is_open(initiative: Initiative, now: datetime) -> bool:
    """Open to who walks in; by appointment is never simply open."""
    return initiative.access != Access.APPOINTMENT and initiative.hours.is_open(now)


@register.filter
def distance_from(initiative: Initiative, other: Initiative) -> Distance | None:
    return distance(other.shown_point, initiative.shown_point)
