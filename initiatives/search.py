"""Finding published initiatives: by words, kind, activity and area, near a postcode, with counts per filter.

Everything that matches is read once as bare rows; the page, the counts and the map all come from those. The next issue makes it whole.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from math import ceil
from typing import Any, NamedTuple

from django.contrib.postgres.search import SearchHeadline, SearchQuery, SearchRank, SearchVector, TrigramWordSimilarity
from django.db.models import F, Func, Q, QuerySet, TextField
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from fieldlab.areas.actions import postcode_centre
from fieldlab.areas.models import Area
from fieldlab.lib.geo import Point
from initiatives.models import Activity, Initiative, Kind
from initiatives.querysets import lies_in

LANGUAGE = "dutch"
LONGEST_QUERY, MOST_WORDS = 120, 8
ALIKE = 0.45  # how much a word may differ from what was typed: 1 is the same
WALK = 80  # metres a minute
FARTHEST_WALK = 60  # minutes; further away is told in kilometres
COMMON = 6  # choices shown at once
START, STOP = "\x02", "\x03"  # around a hit, until the text is escaped


class Row(NamedTuple):
    """What is needed of every match to count, sort and draw it."""

    pk: int
    kind: str
    activity: str
    location: Point | None
    centre: Point | None

    @property
    def point(self) -> Point | None:
        return self.location or self.centre


@dataclass(frozen=True, slots=True)
class Choice:
    value: str
    label: str
    count: int
    chosen: bool
    # Shown at once; the others wait behind "more"
    common: bool


@dataclass(frozen=True, slots=True)
class Asked:
    """What somebody asks, as the address of the page holds it. `unknown` when it named a kind, activity or area that is none."""

    words: str = ""
    postcode: str = ""
    kinds: tuple[str, ...] = ()
    activities: tuple[str, ...] = ()
    area: Area | None = None
    unknown: bool = False

    @property
    def filtered(self) -> bool:
        return bool(self.words or self.kinds or self.activities or self.area)


@dataclass(frozen=True, slots=True)
class Found:
    """`rows` in the order to show them; `centre` is the middle of the postcode, None when none was asked or it is unknown."""

    rows: list[Row]
    kinds: list[Choice]
    activities: list[Choice]
    centre: Point | None
    without_filters: int


def find(asked: Asked) -> Found:
    rows = [Row(*values) for values in matching(asked).values_list("pk", "kind", "activity", "location", "area__centre")]
    centre = postcode_centre(asked.postcode) if asked.postcode else None
    of_kind = [row for row in rows if not asked.kinds or row.kind in asked.kinds]
    of_activity = [row for row in rows if not asked.activities or row.activity in asked.activities]
    shown = [row for row in of_kind if not asked.activities or row.activity in asked.activities]
    if centre:
        shown.sort(key=lambda row: row.point.metres_to(centre) if row.point else float("inf"))
    return Found(
        rows=shown,
        kinds=_choices(Kind, Counter(row.kind for row in of_activity), asked.kinds),
        activities=_choices(Activity, Counter(row.activity for row in of_kind), asked.activities),
        centre=centre,
        without_filters=len(rows),
    )


def _choices(names: type[Kind] | type[Activity], counts: Counter[str], chosen: Iterable[str]) -> list[Choice]:
    common = {value for value, _ in counts.most_common(COMMON)} | set(chosen)
    values = [name for name in names if counts[name.value] or name.value in chosen]
    return [Choice(str(name.value), str(name.label), counts[name.value], name.value in chosen, name.value in common) for name in values]


# --- Words


def matching(asked: Asked) -> QuerySet[Initiative]:
    """Published initiatives with these words in this area; those in whose name the words stand first."""
    initiatives = Initiative.objects.published()
    if asked.area:
        initiatives = initiatives.in_area(asked.area)
    words = _words(asked.words)
    if not words:
        # Words that hold no letter find nothing; no words at all find everything.
        return initiatives.none() if asked.words else initiatives
    query = _query(words)
    vector = SearchVector(_plain("name"), weight="A", config=LANGUAGE) + SearchVector(_plain("summary"), weight="B", config=LANGUAGE)
    found = initiatives.annotate(vector=vector, rank=SearchRank(vector, query)).filter(
        Q(vector=query) | Q(activity__in=_named(Activity, words)) | Q(kind__in=_named(Kind, words)) | _in_area_named(words)
    )
    if found.exists():
        return found.order_by("-rank", "name", "pk")
    typed = _bare(asked.words)
    alike = initiatives.annotate(
        like_name=TrigramWordSimilarity(typed, _plain("name")), like=TrigramWordSimilarity(typed, _plain("summary"))
    )
    return alike.filter(Q(like_name__gte=ALIKE) | Q(like__gte=ALIKE)).order_by("-like_name", "-like", "name", "pk")


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", _bare(text))[:MOST_WORDS]


def _bare(text: str) -> str:
    """Lower case and without accents, as PostgreSQL's unaccent does it for the texts."""
    decomposed = unicodedata.normalize("NFKD", text.lower())
    # One sign can become eighteen, and the words are compared with every text.
    return "".join(letter for letter in decomposed if not unicodedata.combining(letter))[:LONGEST_QUERY]


def _plain(field: str) -> Func:
    return Func(F(field), function="unaccent", output_field=TextField())


def _query(words: Iterable[str]) -> SearchQuery:
    """Every word, or a longer word that starts with its stem: "naaien" also finds "naaimachine"."""
    return SearchQuery(" & ".join(f"'{word}':*" for word in words), search_type="raw", config=LANGUAGE)


def _named(names: type[Kind] | type[Activity], words: list[str]) -> list[str]:
    """The kinds or activities whose label has a word that starts like each of these."""

    def has(label: str, word: str) -> bool:
        return len(word) > 2 and any(part.startswith(word) for part in _words(label))

    return [name.value for name in names if all(has(str(name.label), word) for word in words)]


def _in_area_named(words: list[str]) -> Q:
    names = Area.objects.in_force().annotate(plain=Func(F("name"), function="unaccent", output_field=TextField()))
    for word in words:
        names = names.filter(plain__iregex=rf"\m{word}")
    return lies_in(names.values("pk"))


def with_marks(initiatives: QuerySet[Initiative], words: str) -> QuerySet[Any]:
    """With `marked_name` and `marked_summary`, for `marked()`."""
    found = _words(words)
    if not found:
        return initiatives.annotate(marked_name=F("name"), marked_summary=F("summary"))
    return initiatives.annotate(marked_name=_headline("name", found), marked_summary=_headline("summary", found))


def _headline(field: str, words: list[str]) -> SearchHeadline:
    return SearchHeadline(field, _query(words), config=LANGUAGE, start_sel=START, stop_sel=STOP, highlight_all=True)


def marked(text: str) -> SafeString:
    """The text with its hits in <mark>."""
    return mark_safe(escape(text).replace(START, "<mark>").replace(STOP, "</mark>"))  # noqa: S308 - escaped just before


# --- How far


@dataclass(frozen=True, slots=True)
class Distance:
    """As the crow flies. `minutes` to walk, or 0 when it is farther than people walk; then `kilometres` tells it."""

    minutes: int
    kilometres: int


def distance(centre: Point | None, point: Point | None) -> Distance | None:
    if centre is None or point is None:
        return None
    metres = centre.metres_to(point)
    minutes = max(1, ceil(metres / WALK))
    return Distance(minutes if minutes <= FARTHEST_WALK else 0, ceil(metres / 1000))


__all__ = ["Asked", "Choice", "Distance", "Found", "Row", "distance", "find", "marked", "with_marks"]
