"""What was typed, as words: which entries have them, which have something like them, and where to put the marks."""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache, reduce
from operator import or_

from django.contrib.postgres.search import SearchQuery, SearchRank
from django.db import connection
from django.db.models import F, Q, TextChoices
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from initiatives.models import Activity, Initiative, Kind, Language, Offer

MOST_WORDS, LONGEST_WORD = 8, 40
SHORTEST_LABEL_WORD = 4
MARK = "<mark>"
FRAGMENT = 110  # signs of a description around a hit

# Letters that are no plain letter with a sign on it, as PostgreSQL's unaccent writes them
_PLAIN = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ß": "ss", "æ": "ae", "œ": "oe", "ħ": "h", "ı": "i"})
_WORD = re.compile(r"[^\W_]+")
# Facts that are found by their name; everybody speaks Dutch, so that word means the practising
LABELS: dict[str, type[TextChoices]] = {"kind": Kind, "activity": Activity, "offers": Offer, "languages": Language}
_NOT_BY_NAME = {Language.DUTCH}


@dataclass(frozen=True, slots=True)
class Word:
    """One word as typed, plain, and its Dutch stem; empty for a word such as "de", that every text has."""

    typed: str
    stem: str

    @property
    def facts(self) -> dict[str, list[str]]:
        """{column: values} of the facts whose name has a word that starts like this."""
        return _facts(self.typed, get_language()) if self.stem and len(self.typed) >= SHORTEST_LABEL_WORD else {}

    @property
    def matches(self) -> Q:
        found = Q(vector=_query([(self,)]))
        for column, values in self.facts.items():
            found |= Q(**{f"{column}__overlap" if column in ("offers", "languages") else f"{column}__in": values})
        return found


def words_of(text: str) -> tuple[Word, ...]:
    return stemmed(tuple(word[:LONGEST_WORD] for word in words_in(text)[:MOST_WORDS]))


@lru_cache(maxsize=2048)
def stemmed(typed: tuple[str, ...]) -> tuple[Word, ...]:
    """By PostgreSQL's own stemmer, so that what is marked is what was found."""
    if not typed:
        return ()
    with connection.cursor() as cursor:
        cursor.execute("SELECT ts_lexize('dutch_stem', word) FROM unnest(%s::text[]) WITH ORDINALITY AS t (word, n) ORDER BY n", [[*typed]])
        return tuple(Word(word, "".join(stems or ())) for word, (stems,) in zip(typed, cursor.fetchall(), strict=True))


# One of these words
OneOf = tuple[Word, ...]


def having(groups: Sequence[OneOf]) -> Q:
    """One of the words of each group; of words that every text has only when there are no others, and then as they are written."""
    telling = [group for group in groups if any(word.stem for word in group)]
    texts = [group for group in telling if not any(word.facts for word in group)]
    every = Q(vector=_query(texts)) if texts else Q()
    for group in telling:
        if group not in texts:
            every &= reduce(or_, (word.matches for word in group))
    if not telling:
        for group in groups:
            every &= reduce(or_, (Q(words__regex=rf"\m{word.typed}") for word in group))
    return every


def ranked(groups: Sequence[OneOf]) -> SearchRank:
    return SearchRank(F("vector"), _query([tuple(word for group in groups for word in group)]))


def _query(groups: Iterable[OneOf]) -> SearchQuery:
    """Stems, each of which a longer word may start with: "naaien" also finds "naaimachine"."""
    each = (" | ".join(f"'{word.stem}':*" for word in group if word.stem) for group in groups)
    return SearchQuery(" & ".join(f"({words})" for words in each), search_type="raw", config="simple")


@lru_cache(maxsize=2048)
def _facts(word: str, language: str | None) -> dict[str, list[str]]:
    """The language is that of the labels now."""
    found = {}
    for column, choices in LABELS.items():
        values = [choice.value for choice in choices if choice not in _NOT_BY_NAME and begins(str(choice.label), word)]
        if values:
            found[column] = values
    return found


def begins(text: str, word: str) -> bool:
    """Whether a word of the text starts with this one."""
    return any(part.startswith(word) for part in words_in(text))


# --- Plain letters


def plain(text: str) -> str:
    """Lower case and without accents, as `fieldlab_plain` does it for the texts."""
    text = text.lower()
    if text.isascii():
        return text
    decomposed = unicodedata.normalize("NFKD", text)
    return "".join(letter for letter in decomposed if not unicodedata.combining(letter)).translate(_PLAIN)


def words_in(text: str) -> list[str]:
    return _WORD.findall(plain(text))


# --- Marks


@dataclass(frozen=True, slots=True)
class Marker:
    """Puts <mark> around the words that were found."""

    words: tuple[Word, ...] = ()

    def hits(self, token: str) -> bool:
        return plain(token).startswith(tuple(word.stem for word in self.words if word.stem))

    def mark(self, text: str) -> SafeString:
        if not self.words:
            return SafeString(escape(text))
        parts, at = [], 0
        for match in _WORD.finditer(text):
            if self.hits(match[0]):
                parts += [escape(text[at : match.start()]), MARK, escape(match[0]), "</mark>"]
                at = match.end()
        return mark_safe("".join([*parts, escape(text[at:])]))  # noqa: S308 - escaped piece by piece

    def elsewhere(self, initiative: Initiative, *shown: str) -> SafeString:
        """Where it was found, when what is `shown` has no hit: in what it offers, in its description, or in where it is."""
        if not self.words or any(MARK in text for text in shown):
            return mark_safe("")
        for column, choices in LABELS.items():
            wanted = {value for word in self.words for value in word.facts.get(column, ())}
            its_own = getattr(initiative, column)
            if named := [str(choices(value).label) for value in ([its_own] if isinstance(its_own, str) else its_own) if value in wanted]:
                return self.mark(", ".join(named))
        return self.fragment(initiative.description)

    def fragment(self, text: str) -> SafeString:
        """A piece of the text around its first hit, marked; empty when it has none."""
        hit = next((match for match in _WORD.finditer(text) if self.hits(match[0])), None)
        if hit is None:
            return mark_safe("")
        start, end = max(0, hit.start() - FRAGMENT // 2), min(len(text), hit.end() + FRAGMENT // 2)
        start = text.rfind(" ", 0, start) + 1 if start else 0
        cut = text.find(" ", end)
        end = len(text) if cut < 0 else cut
        piece = " ".join(text[start:end].split())
        return mark_safe(f"{'… ' if start else ''}{self.mark(piece)}{' …' if end < len(text) else ''}")  # noqa: S308 - escaped by mark
