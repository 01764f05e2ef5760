"""How alike two entries are, and why. Data in, data out: whoever asks brings the candidates.

Two strengths. SAME, "maybe this is you": the same telephone number, e-mail address or website, or much the same name not far away.
LIKE, "does something like it nearby": the same activity, or half of the offers, within NEARBY metres.

Evidence for SAME adds up as independent chances: 1 - (1 - a)(1 - b)…, and SURE is the bar. A number, an e-mail address or a website is
enough by itself; an address is not, as many share a building. A name counts less the further away it is, so that only nearly the
same name makes a twin across the city.
"""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import urlsplit

from fieldlab.lib.geo import Point

SHOWN = 5  # of which at most
SHOWN_LIKE = 3  # that only do something like it: a page that a telephone can show
SURE = 0.5  # from here on: maybe this is you
NAME_ALIKE = 0.4  # from here on a name is a reason
NEARBY = 1500  # metres, twenty minutes on foot
AROUND_THE_CORNER = 300  # metres, within which a name counts in full
ACROSS_TOWN = 5000  # metres, from where on it counts for half
SAME_PHONE = SAME_EMAIL = SAME_WEBSITE = 0.7
SAME_ADDRESS = 0.4

# Say what kind of place it is, not which: "Buurthuis De Horizon" is not "Buurthuis De Meevaart", nor is every "naaiclub" the same
FIELD_WORD = re.compile(
    r"\w*(huis|kamer|tuin|keuken|cafe|club|groep|atelier|winkel|werkplaats|plek|tafel|centrum|hub)|"
    "buurt|wijk|plein|stichting|vereniging|cooperatie|initiatief|bewonersinitiatief|repair|samen|de|het|een|en|van|voor|met|in|op|aan|bij|t"
)
# Where thousands have their page
SHARED_HOST = re.compile(
    r"(.+\.)?(facebook|instagram|linkedin|youtube|x|twitter|tiktok|meetup)\.com|wa\.me|linktr\.ee|sites\.google\.com|nextdoor\.nl"
)


class Strength(StrEnum):
    SAME = "same"
    LIKE = "like"


class Reason(StrEnum):
    NAME = "name"
    PHONE = "phone"
    EMAIL = "email"
    WEBSITE = "website"
    ADDRESS = "address"
    ACTIVITY = "activity"
    OFFERS = "offers"


@dataclass(frozen=True)
class Entry:
    """What of an initiative is compared; an empty text is not known, and never the same as another."""

    key: int
    name: str = ""
    point: Point | None = None
    postcode: str = ""
    house_number: str = ""
    phone: str = ""
    email: str = ""
    website: str = ""
    activity: str = ""
    offers: frozenset[str] = frozenset()
    # Words of the names of its areas
    places: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Likeness:
    """What one has with the other; `score` is between 0 and 1, `metres` None when a place is not known."""

    strength: Strength
    score: float
    reasons: tuple[Reason, ...]
    metres: float | None


def compare(one: Entry, other: Entry, *, alike: float) -> Likeness | None:
    """`alike` is the trigram similarity of the whole names, 0 to 1. None when there is too little; always for an entry and itself."""
    if one.key == other.key:
        return None
    metres = one.point.metres_to(other.point) if one.point and other.point else None
    name = name_alike(one.name, other.name, alike, one.places | other.places)
    evidence = {
        Reason.NAME: name * _near(metres) if name >= NAME_ALIKE else 0.0,
        Reason.PHONE: SAME_PHONE * _equal(one.phone, other.phone),
        Reason.EMAIL: SAME_EMAIL * _equal(one.email.lower(), other.email.lower()),
        Reason.WEBSITE: SAME_WEBSITE * _equal(site(one.website), site(other.website)),
        Reason.ADDRESS: SAME_ADDRESS * _equal(_address(one), _address(other)),
    }
    doubt = 1.0
    for chance in evidence.values():
        doubt *= 1 - chance
    shared = {Reason.ACTIVITY: _equal(one.activity, other.activity), Reason.OFFERS: _overlap(one.offers, other.offers) >= 0.5}
    reasons = (*(reason for reason, chance in evidence.items() if chance), *(reason for reason, holds in shared.items() if holds))
    if 1 - doubt >= SURE:
        return Likeness(Strength.SAME, 1 - doubt, reasons, metres)
    if metres is None or metres > NEARBY or not any(shared.values()):
        return None
    work = 0.6 * shared[Reason.ACTIVITY] + 0.4 * _overlap(one.offers, other.offers)
    return Likeness(Strength.LIKE, work * (1 - metres / NEARBY / 2), reasons, metres)


def most_alike(found: Iterable[tuple[int, Likeness]], most: int = SHOWN, most_like: int = SHOWN_LIKE) -> list[tuple[int, Likeness]]:
    """Of (key, likeness) the strongest, best first."""
    best = sorted(found, key=lambda each: (each[1].strength == Strength.LIKE, -each[1].score, each[0]))
    like = [each for each in best if each[1].strength == Strength.LIKE]
    return [*(each for each in best if each[1].strength == Strength.SAME), *like[:most_like]][:most]


def name_alike(one: str, other: str, whole: float, places: frozenset[str] = frozenset()) -> float:
    """0 to 1: for 0.3 the whole names (`whole`, their trigram similarity), for 0.7 their own words, without those of the field.

    More than half of that counts only for words that do not say where it is either: many names hold that of their neighbourhood.
    """
    mine, theirs = own_words(one), own_words(other)
    where = _shared(mine, theirs)
    which = _shared(*([word for word in words if _stem(word) not in places] for words in (mine, theirs)))
    return 0.3 * whole + 0.3 * where + 0.4 * which


def own_words(name: str) -> list[str]:
    """The words of a name that are its own: lower case, without accents."""
    marks = unicodedata.normalize("NFKD", name.lower())
    words = re.findall(r"\w+", "".join(c for c in marks if not unicodedata.combining(c)))
    return [word for word in words if not FIELD_WORD.fullmatch(word)]


def place_words(*names: str) -> frozenset[str]:
    """Of the names of areas, for `Entry.places`: "Mercatorbuurt" is also "Mercator"."""
    return frozenset(_stem(word) for name in names for word in own_words(name))


def site(website: str) -> str:
    """Host and path, to compare; empty for none, and for a host that thousands share."""
    try:
        parts = urlsplit(website)
        host = (parts.hostname or "").removeprefix("www.")
    except ValueError:  # half an IPv6 address
        return ""
    return "" if not host or SHARED_HOST.fullmatch(host) else f"{host}{parts.path.rstrip('/')}"


def _shared(one: list[str], other: list[str]) -> float:
    """The mean of "how much do they share" and "is one in the other", so that a part of a name counts too."""
    mine, theirs = _trigrams(one), _trigrams(other)
    common = len(mine & theirs)
    return (common / len(mine | theirs) + common / min(len(mine), len(theirs))) / 2 if common else 0.0


def _stem(word: str) -> str:
    return re.sub("(buurt|wijk|plein|kwartier)$", "", word) or word


def _trigrams(words: list[str]) -> set[str]:
    """As PostgreSQL makes them: of each word with two spaces before it and one behind."""
    padded = [f"  {word} " for word in words]
    return {word[i : i + 3] for word in padded for i in range(len(word) - 2)}


def _near(metres: float | None) -> float:
    """How much a name counts at this distance: in full around the corner, for half across town or where a place is not known."""
    if metres is None:
        return 0.5
    way = (metres - AROUND_THE_CORNER) / (ACROSS_TOWN - AROUND_THE_CORNER)
    return 1 - min(1.0, max(0.0, way)) / 2


def _address(entry: Entry) -> str:
    number = entry.house_number.lower().replace(" ", "")
    return f"{entry.postcode} {number}" if entry.postcode and number else ""


def _equal(one: str, other: str) -> bool:
    return bool(one) and one == other


def _overlap(one: frozenset[str], other: frozenset[str]) -> float:
    """Of all that they offer, what they share; one thing is no likeness."""
    common = one & other
    return len(common) / len(one | other) if len(common) > 1 else 0.0
