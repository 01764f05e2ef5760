"""What somebody may have meant by a word that nothing has: words like it, in what is published and in our own names for things."""

from collections.abc import Iterable
from difflib import SequenceMatcher

from django.db import connection
from django.db.models import Q, TextChoices

from initiatives.models import SearchEntry
from initiatives.search.areas import Areas
from initiatives.search.words import LABELS, OneOf, Word, stemmed, words_in

# How much of a word, in groups of three letters, must be in a text: first what is most alike
TIERS = (0.6, 0.45, 0.33)
SAMPLE = 200  # texts to look for words in
MOST_INSTEAD = 6
# How much of two words is the same, from 0 to 1; and how much less than the best still counts
ALIKE, NEARLY = 0.6, 0.1


def any_has(condition: Q) -> bool:
    """Whether an entry is so, by the index: looking for one, PostgreSQL expects to meet it soon, and reads all when there is none."""
    entries, params = SearchEntry.objects.filter(condition).values("pk").query.get_compiler(connection=connection).as_sql()
    with connection.cursor() as cursor:
        statement = f"WITH entries AS MATERIALIZED ({entries}) SELECT EXISTS (SELECT FROM entries)"  # noqa: S608 - made by Django
        cursor.execute(statement, params)
        return bool(cursor.fetchone()[0])


def spelt_otherwise(words: Iterable[Word], tree: Areas) -> list[OneOf]:
    """For each word itself, when something has it, or else the words most like it that something has."""
    return [(word,) if not word.stem or any_has(word.matches) else _instead(word, tree) for word in words]


def _instead(word: Word, tree: Areas) -> OneOf:
    """At least the word itself, which then finds nothing."""
    known = {part for area in tree.by_pk.values() for part in words_in(area.name)} | _named(*LABELS.values())
    for tier in TIERS:
        if meant := most_like(word.typed, known | _in_texts_like(word.typed, tier)):
            return stemmed(tuple(meant))
    return (word,)


def most_like(typed: str, known: Iterable[str]) -> list[str]:
    """The most alike first; none that are hardly alike."""
    matcher = SequenceMatcher(None, b=typed, autojunk=False)
    scores = {}
    for other in sorted(known):
        matcher.set_seq1(other)
        if matcher.real_quick_ratio() >= ALIKE and matcher.quick_ratio() >= ALIKE:
            scores[other] = matcher.ratio()
    best = max(scores.values(), default=0)
    near = [other for other, score in scores.items() if score >= max(ALIKE, best - NEARLY)]
    return sorted(near, key=lambda other: -scores[other])[:MOST_INSTEAD]


def _in_texts_like(typed: str, tier: float) -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT fieldlab_texts_like(%s, %s, %s)", [typed, tier, SAMPLE])
        return {word for (text,) in cursor.fetchall() for word in words_in(text)}


def _named(*choices: type[TextChoices]) -> set[str]:
    return {word for each in choices for label in each.labels for word in words_in(str(label))}
