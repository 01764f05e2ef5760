"""The guide of a talk: what is asked, in which order, and how answers become short sentences. Data in, data out.

It starts with the person, then what they want, then an idea only if there is one. An answer has words, pictures and a step of a scale,
each or none. Nothing is asked about illness, debts, income, or with whom somebody lives.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, TypedDict

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_stubs_ext import StrOrPromise

LONGEST_ANSWER, LONGEST_SENTENCE = 2000, 500
# Of one answer; more of them are put together
MOST_SENTENCES = 12
# A sentence that is made is no longer than this, so that there is room to change it
_MADE_AT_MOST = 300
STEPS = range(1, 6)
# What begins like this is said in the first person, and stands by itself
_SPEAKS = ("ik ", "wij ", "we ", "het ", "i ", "i'm ", "i’m ", "it ")
# Of these only what is longer: "my garden" goes on in the question's sentence
_OWNS = ("mijn ", "ons ", "onze ", "my ", "our ")
_END = re.compile(r"(?<=[.!?…؟])\s+")


class GuideError(ValueError):
    """An answer that has not the shape of one. Says nothing of what was typed."""


class Answer(TypedDict):
    """`pictures` are names of the question's; `scale` is one of STEPS, or None where none was chosen or there is none."""

    words: str
    pictures: list[str]
    scale: int | None


@dataclass(frozen=True)
class Picture:
    """`words` go on in the question's sentence: "cooking" in "I get energy from cooking"."""

    name: str
    icon: str
    words: StrOrPromise


@dataclass(frozen=True)
class Step:
    icon: str
    words: StrOrPromise
    sentence: StrOrPromise


@dataclass(frozen=True)
class Question:
    """`ask` is read to the person, `hint` is for whoever asks; `sentence` holds %(words)s."""

    name: str
    ask: StrOrPromise
    hint: StrOrPromise
    sentence: StrOrPromise
    pictures: tuple[Picture, ...]
    scale_ask: StrOrPromise = ""
    scale: tuple[Step, ...] = ()


@dataclass(frozen=True)
class Section:
    name: str
    title: StrOrPromise
    lead: StrOrPromise
    questions: tuple[Question, ...]


_ENERGY = Question(
    "energy",
    gettext_lazy("What gives you energy?"),
    gettext_lazy("Ask on: when was that? What did you do then? Who was there?"),
    gettext_lazy("I get energy from %(words)s."),
    (
        Picture("cooking", "cooking-pot", gettext_lazy("cooking")),
        Picture("garden", "sprout", gettext_lazy("gardening")),
        Picture("children", "baby", gettext_lazy("children")),
        Picture("repairing", "wrench", gettext_lazy("repairing things")),
        Picture("music", "music", gettext_lazy("music")),
        Picture("sewing", "scissors", gettext_lazy("sewing")),
        Picture("people", "users", gettext_lazy("people")),
        Picture("sport", "bike", gettext_lazy("sports")),
        Picture("reading", "book-open", gettext_lazy("reading")),
        Picture("drawing", "palette", gettext_lazy("drawing and painting")),
        Picture("animals", "paw-print", gettext_lazy("animals")),
        Picture("helping", "hand-helping", gettext_lazy("helping others")),
    ),
)
_PROUD = Question(
    "proud",
    gettext_lazy("What are you proud of?"),
    gettext_lazy("Small things count. What do others come to them for?"),
    gettext_lazy("I am proud of %(words)s."),
    (
        Picture("children", "baby", gettext_lazy("my children")),
        Picture("family", "house", gettext_lazy("my family")),
        Picture("hands", "hammer", gettext_lazy("what I make with my hands")),
        Picture("food", "cooking-pot", gettext_lazy("the food that I make")),
        Picture("languages", "languages", gettext_lazy("the languages that I speak")),
        Picture("learned", "graduation-cap", gettext_lazy("what I learned")),
        Picture("helping", "hand-helping", gettext_lazy("what I do for others")),
        Picture("courage", "footprints", gettext_lazy("my courage")),
    ),
)
_PEOPLE = Question(
    "people",
    gettext_lazy("Who is around you?"),
    gettext_lazy("Who would they call with good news? Do not ask with whom somebody lives."),
    gettext_lazy("Around me are %(words)s."),
    (
        Picture("children", "baby", gettext_lazy("my children")),
        Picture("family", "house", gettext_lazy("my family")),
        Picture("friends", "users", gettext_lazy("my friends")),
        Picture("neighbours", "store", gettext_lazy("my neighbours")),
        Picture("class", "school", gettext_lazy("people from my lessons")),
        Picture("place", "coffee", gettext_lazy("people from the community centre")),
        Picture("helper", "heart-handshake", gettext_lazy("somebody who helps me")),
        Picture("animal", "paw-print", gettext_lazy("my pet")),
    ),
    gettext_lazy("Are there enough people around you?"),
    (
        Step("frown", gettext_lazy("far too few"), gettext_lazy("I miss people around me.")),
        Step("annoyed", gettext_lazy("too few"), gettext_lazy("I would like more people around me.")),
        Step("meh", gettext_lazy("it will do"), gettext_lazy("The people around me are just enough.")),
        Step("smile", gettext_lazy("enough"), gettext_lazy("There are enough people around me.")),
        Step("laugh", gettext_lazy("more than enough"), gettext_lazy("There are many good people around me.")),
    ),
)
_WORRIES = Question(
    "worries",
    gettext_lazy("What do you worry about?"),
    gettext_lazy("They may skip this. Listen; you need not solve it. Of illness or debts write nothing: tell who can help."),
    gettext_lazy("I worry about %(words)s."),
    (
        Picture("language", "languages", gettext_lazy("the Dutch language")),
        Picture("alone", "user", gettext_lazy("being alone")),
        Picture("children", "baby", gettext_lazy("my children")),
        Picture("letters", "file-text", gettext_lazy("letters and forms")),
        Picture("home", "house", gettext_lazy("my home")),
        Picture("time", "clock", gettext_lazy("too little time")),
        Picture("able", "message-circle-question-mark", gettext_lazy("whether I can do it")),
    ),
    gettext_lazy("How do you feel about your worries?"),
    (
        Step("frown", gettext_lazy("very heavy"), gettext_lazy("My worries are very heavy.")),
        Step("annoyed", gettext_lazy("heavy"), gettext_lazy("My worries are heavy.")),
        Step("meh", gettext_lazy("not heavy, not light"), gettext_lazy("I can live with my worries.")),
        Step("smile", gettext_lazy("light"), gettext_lazy("My worries are light.")),
        Step("laugh", gettext_lazy("hardly any worries"), gettext_lazy("I have hardly any worries now.")),
    ),
)
_WEEK = Question(
    "week",
    gettext_lazy("What does your week look like?"),
    gettext_lazy("Go through the days together. Nothing about odd jobs for money."),
    gettext_lazy("My week is filled with %(words)s."),
    (
        Picture("house", "shopping-basket", gettext_lazy("the housekeeping")),
        Picture("children", "baby", gettext_lazy("caring for children")),
        Picture("lessons", "school", gettext_lazy("lessons")),
        Picture("place", "coffee", gettext_lazy("visits to the community centre")),
        Picture("helping", "hand-helping", gettext_lazy("helping others")),
        Picture("family", "users", gettext_lazy("visits to family and friends")),
        Picture("sport", "bike", gettext_lazy("sports")),
        Picture("rest", "sofa", gettext_lazy("a lot of time at home")),
    ),
    gettext_lazy("Is your week good like this?"),
    (
        Step("frown", gettext_lazy("not good"), gettext_lazy("My week is not good like this.")),
        Step("annoyed", gettext_lazy("not so good"), gettext_lazy("I would like my week to be different.")),
        Step("meh", gettext_lazy("it will do"), gettext_lazy("My week will do.")),
        Step("smile", gettext_lazy("good"), gettext_lazy("My week is good like this.")),
        Step("laugh", gettext_lazy("very good"), gettext_lazy("I am happy with my week.")),
    ),
)
_WANT = Question(
    "want",
    gettext_lazy("What would you like?"),
    gettext_lazy("“Keep it as it is” is a good answer too. Do not steer towards a company."),
    gettext_lazy("I would like to %(words)s."),
    (
        Picture("people", "users", gettext_lazy("get to know people")),
        Picture("dutch", "languages", gettext_lazy("learn Dutch")),
        Picture("learn", "graduation-cap", gettext_lazy("learn something new")),
        Picture("neighbourhood", "hand-helping", gettext_lazy("do something for the neighbourhood")),
        Picture("make", "hammer", gettext_lazy("make things")),
        Picture("day", "calendar-days", gettext_lazy("have a fixed day")),
        Picture("own", "lightbulb", gettext_lazy("begin something of my own")),
        Picture("keep", "heart", gettext_lazy("keep it as it is")),
    ),
    gettext_lazy("How sure are you?"),
    (
        Step("frown", gettext_lazy("not sure at all"), gettext_lazy("I am not sure yet at all.")),
        Step("annoyed", gettext_lazy("not so sure"), gettext_lazy("I am not so sure yet.")),
        Step("meh", gettext_lazy("a bit sure"), gettext_lazy("I am a bit sure.")),
        Step("smile", gettext_lazy("sure"), gettext_lazy("I am sure about it.")),
        Step("laugh", gettext_lazy("very sure"), gettext_lazy("I am very sure about it.")),
    ),
)
_IDEA = Question(
    "idea",
    gettext_lazy("Do you have an idea already?"),
    gettext_lazy("Only if there is one. Leaving it empty is fine."),
    gettext_lazy("My idea: %(words)s."),
    (
        Picture("food", "cooking-pot", gettext_lazy("something with food")),
        Picture("clothes", "shirt", gettext_lazy("something with clothes")),
        Picture("green", "sprout", gettext_lazy("something with plants")),
        Picture("repair", "wrench", gettext_lazy("something with repairs")),
        Picture("teach", "school", gettext_lazy("teaching others")),
        Picture("meet", "coffee", gettext_lazy("a place to meet")),
    ),
)

SECTIONS = (
    Section(
        "person", gettext_lazy("Who are you?"), gettext_lazy("Start here. Take your time."), (_ENERGY, _PROUD, _PEOPLE, _WORRIES, _WEEK)
    ),
    Section("want", gettext_lazy("What do you want?"), gettext_lazy("Big or small, now or later."), (_WANT,)),
    Section("idea", gettext_lazy("An idea, if you have one"), gettext_lazy("No idea is needed to take part."), (_IDEA,)),
)
QUESTIONS = {question.name: question for section in SECTIONS for question in section.questions}


def checked(name: str, answer: Mapping[str, Any]) -> Answer:
    """The answer to this question as it is kept. Raises GuideError for what is none, or is too long."""
    question = QUESTIONS.get(name)
    if question is None or set(answer) - set(Answer.__annotations__):
        raise GuideError("There is no such question, or its answer has no such part.")
    words, chosen, scale = answer.get("words", ""), answer.get("pictures", []), answer.get("scale")
    if not isinstance(words, str) or len(words) > LONGEST_ANSWER or "\x00" in words:
        raise GuideError("These words cannot be kept.")
    if not isinstance(chosen, list) or not set(chosen) <= {picture.name for picture in question.pictures}:
        raise GuideError("There is no such picture with this question.")
    if scale is not None and (not question.scale or type(scale) is not int or scale not in STEPS):
        raise GuideError("There is no such step with this question.")
    in_order = [picture.name for picture in question.pictures if picture.name in chosen]
    return Answer(words=words.replace("\r\n", "\n").strip(), pictures=in_order, scale=scale)


def is_empty(answer: Mapping[str, Any] | None) -> bool:
    return not answer or not (answer["words"] or answer["pictures"] or answer["scale"])


def sentences(name: str, answer: Mapping[str, Any]) -> list[str]:
    """What was answered as short sentences, in the language that is spoken now; the same answer gives the same sentences.

    A few words and the pictures go on in the question's sentence; whole sentences stand as they were said. No word is left out.
    """
    question, chosen = QUESTIONS[name], set(answer["pictures"])
    phrases = [str(picture.words) for picture in question.pictures if picture.name in chosen]
    said: list[str] = []
    for piece in _pieces(answer["words"]):
        if _stands_by_itself(piece):
            piece = piece[0].upper() + piece[1:]
            said.append(piece if piece[-1] in ".!?…؟" else f"{piece}.")
        else:
            phrases.append(piece.rstrip(".!?…؟ ") or piece)
    begun = [str(question.sentence) % {"words": listed(group)} for group in _groups(phrases)]
    if answer["scale"]:
        said.append(str(question.scale[answer["scale"] - 1].sentence))
    made = [short for sentence in [*begun, *said] for short in _cut(sentence)]
    return made if len(made) <= MOST_SENTENCES else list(_packed(made))


def listed(words: Iterable[str]) -> str:
    """ "cooking, music and people"."""
    *first, last = words
    return _("%(some)s and %(last)s") % {"some": ", ".join(first), "last": last} if first else last


def _pieces(words: str) -> Iterator[str]:
    for line in words.split("\n"):
        yield from (" ".join(piece.split()) for piece in _END.split(line) if piece.strip())


def _stands_by_itself(piece: str) -> bool:
    whole = piece[-1] in ".!?…؟" and piece[0].isupper() and piece.count(" ") >= 2
    return whole or piece.lower().startswith(_SPEAKS) or (piece.lower().startswith(_OWNS) and piece.count(" ") >= 3)


def _groups(phrases: list[str]) -> Iterator[list[str]]:
    """Each once, and as many together as make a short sentence."""
    group: list[str] = []
    for phrase in dict.fromkeys(phrases):
        if group and sum(map(len, group)) + len(phrase) > _MADE_AT_MOST // 2:
            yield group
            group = []
        group.append(phrase)
    if group:
        yield group


def _cut(sentence: str) -> Iterator[str]:
    """At spaces; one word without an end is cut all the same."""
    while len(sentence) > _MADE_AT_MOST:
        at = sentence.rfind(" ", 1, _MADE_AT_MOST)
        at = at if at > 0 else _MADE_AT_MOST
        yield sentence[:at].strip()
        sentence = sentence[at:].strip()
    if sentence:
        yield sentence


def _packed(made: list[str]) -> Iterator[str]:
    pack = ""
    for sentence in made:
        if pack and len(pack) + 1 + len(sentence) > LONGEST_SENTENCE:
            yield pack
            pack = ""
        pack = f"{pack} {sentence}".strip()
    yield pack
