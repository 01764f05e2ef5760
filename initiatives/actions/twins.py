"""Entries that look like the one that is being registered, what is answered about each, and telling those it wants to meet.

A stranger's draft is compared with what visitors see of published entries, and nothing more: a telephone number or an e-mail
address that is not public would otherwise be found by trying. Of an entry that waits to be published only name and place count, and
all that is told is that there is one. Whoever checks an entry compares everything.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.postgres.search import TrigramDistance, TrigramWordDistance
from django.db import transaction
from django.db.models import Q, QuerySet, Value
from django.utils.translation import gettext as _

from fieldlab.areas.models import Area
from fieldlab.lib.errors import DomainError
from fieldlab.lib.geo import Degrees
from initiatives.models import Initiative, Introduction, Plain, SearchEntry, Status, TwinAnswer
from initiatives.notifications.twins import tell_introduction
from initiatives.similarity import SHOWN, SHOWN_LIKE, Entry, Likeness, Strength, compare, most_alike, own_words, place_words, site

Answer = TwinAnswer.Answer
WAITING = (Status.SUBMITTED, Status.CHANGES_REQUESTED)
FETCHED = 20  # by each of the ways below; the best five of all are shown
MOST_ASKED = 8  # by one registration
MOST_OPEN = 5  # at one team, before the next introduction waits its turn


@dataclass(frozen=True)
class Twin:
    """An entry that looks like another, and what was said about it. Of a hidden one nothing may be shown to whoever registers."""

    initiative: Initiative
    likeness: Likeness
    # Metres between two fixed places, to be told; the middles of two neighbourhoods say nothing
    metres: int | None = None
    answer: str = ""
    message: str = ""

    @property
    def hidden(self) -> bool:
        return self.initiative.status != Status.PUBLISHED

    @property
    def maybe_same(self) -> bool:
        return self.likeness.strength == Strength.SAME

    @property
    def away(self) -> int:
        """Metres to the nearest fifty, for what is less than a kilometre away; 0 for next door, and for what is further."""
        return round(self.metres / 50) * 50 if self.metres and self.metres < 975 else 0

    @property
    def kilometres(self) -> float:
        return round(self.metres / 1000, 1) if self.metres and self.metres >= 975 else 0

    @property
    def answer_words(self) -> str:
        return str(Answer(self.answer).label) if self.answer else ""


def similar_to(initiative: Initiative, *, most: int = SHOWN, most_like: int = SHOWN_LIKE) -> list[Twin]:
    """Published entries that visitors would find alike, the most alike first, each with what was answered about it.

    Behind them at most one hidden entry.
    """
    found = _compared(initiative, _published_candidates(initiative).union(_waiting(initiative)), everything=False)
    hidden = [twin for twin in found if twin.hidden and twin.maybe_same]
    return _answered(initiative, [*_best([twin for twin in found if not twin.hidden], most, most_like), *_best(hidden, 1)])


def unanswered_twins(*, draft: Initiative, at: datetime) -> list[Twin]:
    """What whoever registers has not been asked about yet."""
    return [twin for twin in similar_to(draft) if not twin.answer] if draft.name else []


def twins_for_moderator(initiative: Initiative) -> list[Twin]:
    """Compared by everything we know, with what was answered; also what waits, or was taken off the site, in the same district."""
    district = _district(initiative)
    keys = _published_candidates(initiative, everything=True).union(_waiting(initiative, district), _archived(initiative, district))
    twins = _answered(initiative, _best(_compared(initiative, keys, everything=True), SHOWN))
    # What was answered about stays to be seen, also when a name was changed after.
    seen = {twin.initiative.pk for twin in twins}
    said = initiative.twin_answers.exclude(other__in=seen).exclude(answer=Answer.NOT_SAID).values_list("other", flat=True)
    entries = Initiative.objects.with_area().filter(pk__in=list(said)).filter(Q(status=Status.PUBLISHED) | _in_district(district))
    return [*twins, *_answered(initiative, [Twin(other, Likeness(Strength.LIKE, 0.0, (), None)) for other in entries])]


def same_as(draft: Initiative) -> Initiative | None:
    """The published entry of which whoever registers said "that is us"; until they come back from it no twin is made."""
    said = Initiative.objects.published().filter(pk__in=draft.twin_answers.filter(answer=Answer.SAME).values("other"))
    return said.with_area().first()


@transaction.atomic
def answer_twins(*, draft: Initiative, answers: Mapping[int, str], words: Mapping[int, str], at: datetime) -> None:
    """Keep what is answered (key of the other to Answer) about the similar entries; one left open is not asked again.

    Only what is similar can be answered about. Raises DomainError once the draft is handed in.
    """
    draft = _locked_draft(draft)
    for twin in similar_to(draft):
        key, other = twin.initiative.pk, twin.initiative
        answer = (not twin.hidden and answers.get(key)) or twin.answer or Answer.NOT_SAID
        TwinAnswer.objects.update_or_create(initiative=draft, other=other, defaults={"answer": answer, "at": at})
        if answer == Answer.INTRODUCE:
            message = words.get(key, "").strip()
            Introduction.objects.update_or_create(
                asker=draft, other=other, defaults={"message": message}, create_defaults={"message": message, "asked_at": at}
            )
        else:
            draft.introductions_asked.filter(other=other, told_at=None).delete()
    if draft.introductions_asked.count() > MOST_ASKED:
        raise DomainError(_("You ask to meet many initiatives at once. Choose at most %(count)s.") % {"count": MOST_ASKED})


@transaction.atomic
def not_the_same(*, draft: Initiative, at: datetime) -> None:
    """ "Different after all": registering goes on. Raises DomainError once the draft is handed in."""
    draft = _locked_draft(draft)
    draft.twin_answers.filter(answer=Answer.SAME).update(answer=Answer.DIFFERENT, at=at)


@transaction.atomic
def send_introductions(*, initiative: Initiative, at: datetime) -> None:
    """Tell those whom it asked to meet, now that it is handed in. Twice is once; a team with many open ones is told later.

    Raises DomainError as long as it says "that is us" about a published entry: there is no twin to hand in.
    """
    same = same_as(initiative)
    if same and initiative.published_at is None:
        raise DomainError(
            _("You said that you are %(name)s, which is on the map already. Ask to join its team, or choose that you are different.")
            % {"name": same.name}
        )
    waiting = initiative.introductions_asked.select_for_update(of=("self",)).filter(told_at=None, other__status=Status.PUBLISHED)
    for introduction in waiting.select_related("asker__area", "other__area").order_by("pk"):
        if introduction.other.introductions_received.at_the_door().count() < MOST_OPEN:
            introduction.told_at = at
            introduction.save(update_fields=["told_at"])
            tell_introduction(introduction, at=at)


def _locked_draft(draft: Initiative) -> Initiative:
    locked = Initiative.objects.select_for_update(of=("self",)).with_area().filter(pk=draft.pk).first()
    if locked is None or locked.status != Status.DRAFT:
        raise DomainError(_("You have already sent this registration."))
    return locked


def _answered(initiative: Initiative, twins: list[Twin]) -> list[Twin]:
    answers = dict(initiative.twin_answers.values_list("other", "answer"))
    words = dict(initiative.introductions_asked.values_list("other", "message")) if answers else {}
    return [
        Twin(twin.initiative, twin.likeness, twin.metres, answers.get(twin.initiative.pk, ""), words.get(twin.initiative.pk, ""))
        for twin in twins
    ]


# --- Finding candidates: each by an index, then compared one by one

Keys = QuerySet[Any, int]


def _published_candidates(initiative: Initiative, *, everything: bool = False) -> Keys:
    """Keys of published entries that may look like it: the nearest names, the nearest places, the same number, address or website."""
    mine, published = _entry(initiative, everything=True), Initiative.objects.published().exclude(pk=initiative.pk).order_by()
    names, own = published.alias(plain=Plain("name")), " ".join(own_words(mine.name))
    # The whole name, spelt more or less so; and its own words within a longer name
    ways = [_first(names.filter(plain__trigram_similar=Plain(Value(mine.name))).order_by(_name_distance(mine.name)))]
    if own:
        ways.append(_first(names.filter(plain__trigram_word_similar=own).order_by(TrigramWordDistance(own, "plain"))))
    if mine.point:
        nearest = SearchEntry.objects.exclude(pk=initiative.pk).order_by(Degrees("point", mine.point)).values_list("pk", flat=True)
        ways.append(nearest[:FETCHED])
        alike = Q(activity=mine.activity) | Q(offers__overlap=sorted(mine.offers)) if mine.offers else Q(activity=mine.activity)
        ways.append(nearest.filter(alike)[:FETCHED])
    for field, visible in (("phone", "phone_public"), ("email", "email_public")):
        if value := getattr(mine, field):
            ways.append(_first(published.filter(**{field: value}, **({} if everything else {visible: True}))))
    if mine.website and (written := _ways_to_write(mine.website)):
        ways.append(_first(published.filter(website__in=written, **({} if everything else {"website_public": True}))))
    return ways[0].union(*ways[1:])


def _waiting(initiative: Initiative, district: int | None = None) -> Keys:
    waiting = Initiative.objects.filter(status__in=WAITING).exclude(pk=initiative.pk)
    return _nearest_names(initiative, waiting.filter(_in_district(district)) if district else waiting)


def _archived(initiative: Initiative, district: int | None) -> Keys:
    return _nearest_names(initiative, Initiative.objects.filter(_in_district(district), status=Status.ARCHIVED).exclude(pk=initiative.pk))


def _nearest_names(initiative: Initiative, among: QuerySet[Initiative]) -> Keys:
    return _first(among.order_by(_name_distance(initiative.name)))


def _district(initiative: Initiative) -> int | None:
    quarter = initiative.area.parent if initiative.area else None
    return quarter.parent_id if quarter else None


def _in_district(district: int | None) -> Q:
    return Q(area__parent__parent=district)


def _name_distance(name: str) -> TrigramDistance:
    """0 for the same name, 1 for one that shares nothing; the index answers in this order."""
    return TrigramDistance(Plain("name"), Plain(Value(name)))  # type: ignore[arg-type]  # its stub knows only texts


def _first(rows: QuerySet[Initiative]) -> Keys:
    return rows.values_list("pk", flat=True)[:FETCHED]


def _ways_to_write(website: str) -> list[str]:
    """The same page with and without s, www and a last stroke; the index knows only whole addresses."""
    page = site(website)
    return [f"{scheme}://{www}{page}{end}" for scheme in ("https", "http") for www in ("", "www.") for end in ("", "/")] if page else []


def _compared(initiative: Initiative, keys: Keys, *, everything: bool) -> list[Twin]:
    rows = Initiative.objects.with_area().filter(pk__in=list(keys))
    others = list(rows.annotate(alike=1 - _name_distance(initiative.name)))
    mine = _entry(initiative, everything=True)
    compared = [
        (other, compare(mine, _entry(other, everything=everything), alike=other.alike))  # type: ignore[attr-defined]  # annotated above
        for other in others
    ]
    return [Twin(other, likeness, _metres(initiative, other)) for other, likeness in compared if likeness]


def _best(twins: list[Twin], most: int, most_like: int = SHOWN_LIKE) -> list[Twin]:
    by_key = {twin.initiative.pk: twin for twin in twins}
    chosen = most_alike([(key, twin.likeness) for key, twin in by_key.items()], most, most_like)
    return [by_key[key] for key, _likeness in chosen]


def _entry(initiative: Initiative, *, everything: bool) -> Entry:
    """`everything`: also what visitors do not see; of an entry that is not published that is how to reach it."""
    shown = initiative.status == Status.PUBLISHED
    return Entry(
        key=initiative.pk,
        name=initiative.name,
        point=initiative.shown_point,
        postcode=initiative.postcode,
        house_number=initiative.house_number,
        phone=initiative.phone if everything or (shown and initiative.phone_public) else "",
        email=initiative.email if everything or (shown and initiative.email_public) else "",
        website=initiative.website if everything or (shown and initiative.website_public) else "",
        activity=initiative.activity,
        offers=frozenset(initiative.offers),
        places=place_words(*_names_above(initiative.area)),
    )


def _names_above(area: Area | None) -> Iterator[str]:
    while area:
        yield area.name
        area = area.parent


def _metres(one: Initiative, other: Initiative) -> int | None:
    return round(one.location.metres_to(other.location)) if one.location and other.location else None
