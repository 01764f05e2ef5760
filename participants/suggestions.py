"""Which places suit a person, the most suitable first, each with its reasons in words: "600 m, speaks Tigrinya, room now".

Data in, data out: no database, no request. What is counted against a place is counted in metres, as if it lay that much further away, so
that of two places that are otherwise the same the nearer comes first, and far away can be better than a door one cannot pass.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.utils.formats import number_format
from django.utils.translation import gettext as _

DUTCH = "nl"

# In metres. A bus ride for a language that one speaks; another for what one came for
NO_SHARED_LANGUAGE, LANGUAGE_UNKNOWN = 3000, 800
NOT_WHAT_THEY_WANT = 4000
NO_QUIET_ROOM = 1000
ROOM = {"yes": 0, "": 500, "waiting_list": 1500, "no": 6000}
# Of a place without a distance, as it has no door or nobody knows where the person lives
UNKNOWN_DISTANCE = 5000


@dataclass(frozen=True, kw_only=True)
class Person:
    """Whom a place is looked for: codes of languages, what the step is for (codes of offers, any will do), a quiet room or not."""

    languages: frozenset[str] = frozenset()
    offers: frozenset[str] = frozenset()
    quiet_room: bool = False


@dataclass(frozen=True, kw_only=True)
class Place:
    """What is known of an initiative. `metres` is None when unknown; `room` is what it says now, empty when nothing reliable."""

    id: int
    metres: float | None = None
    languages: frozenset[str] = frozenset()
    offers: frozenset[str] = frozenset()
    accessibility: frozenset[str] = frozenset()
    room: str = ""


@dataclass(frozen=True, kw_only=True)
class Suggestion:
    """A place with its reasons for and, apart, what to mind."""

    place: Place
    cost: float
    reasons: tuple[str, ...]
    but: tuple[str, ...]


def suggest(
    person: Person, places: Iterable[Place], *, names: Mapping[str, str], most: int | None = None, at_door: Mapping[str, str] | None = None
) -> list[Suggestion]:
    """The best first, at most `most`; the same places in any order give the same answer.

    `names` are the words of languages and offers by their code; `at_door` those of what makes a place easy to enter.
    """
    found = [_judge(person, place, names, at_door or {}) for place in places]
    return sorted(found, key=lambda each: (each.cost, each.place.id))[:most]


def far(metres: float) -> str:
    """ "600 m" or "1,2 km": as exact as feet are."""
    if metres < 975:
        return _("%(metres)d m") % {"metres": max(50, round(metres / 50) * 50)}
    return _("%(kilometres)s km") % {"kilometres": number_format(round(metres / 1000, 1), 1)}


def within(words: str) -> str:
    """As words stand within a line; the name of a language keeps its capital."""
    return words if words.startswith(("Nederlands", "Dutch")) else words[:1].lower() + words[1:]


def _judge(person: Person, place: Place, names: Mapping[str, str], at_door: Mapping[str, str]) -> Suggestion:
    cost = UNKNOWN_DISTANCE if place.metres is None else place.metres
    reasons = [] if place.metres is None else [far(place.metres)]
    but: list[str] = []
    cost += _language(person, place, names, reasons, but)
    if person.offers and not person.offers & place.offers:
        cost += NOT_WHAT_THEY_WANT
    reasons += [within(names[offer]) for offer in sorted(person.offers & place.offers) if offer in names]
    if person.quiet_room:
        quiet = "quiet" in place.accessibility
        cost += 0 if quiet else NO_QUIET_ROOM
        (reasons if quiet else but).append(_("has a quiet room") if quiet else _("no quiet room that we know of"))
    reasons += [words for code, words in at_door.items() if code in place.accessibility]
    cost += ROOM.get(place.room, ROOM[""])
    _room(place, reasons, but)
    return Suggestion(place=place, cost=cost, reasons=tuple(reasons), but=tuple(but))


def _language(person: Person, place: Place, names: Mapping[str, str], reasons: list[str], but: list[str]) -> int:
    """Their own language is a reason; Dutch is where everybody begins, so it goes unsaid."""
    shared = person.languages & place.languages
    own = sorted(names[code] for code in shared - {DUTCH} if code in names)
    if own:
        reasons.append(_("speaks %(languages)s") % {"languages": ", ".join(own)})
    if shared or not person.languages:
        return 0
    if not place.languages:
        return 0 if DUTCH in person.languages else LANGUAGE_UNKNOWN
    but.append(_("speaks another language"))
    return NO_SHARED_LANGUAGE


def _room(place: Place, reasons: list[str], but: list[str]) -> None:
    if place.room == "yes":
        reasons.append(_("room now"))
    elif place.room == "waiting_list":
        but.append(_("has a waiting list"))
    elif place.room == "no":
        but.append(_("no room now"))
