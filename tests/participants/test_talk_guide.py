"""The guide as data: its shape, what is an answer, and the sentences that are made of answers."""

import re

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from fieldlab.lib.look.glyphs import icon
from participants import guide
from participants.guide import LONGEST_ANSWER, LONGEST_SENTENCE, MOST_SENTENCES, QUESTIONS, SECTIONS, GuideError

NOTHING = {"words": "", "pictures": [], "scale": None}


@pytest.fixture(autouse=True)
def dutch():
    with translation.override("nl"):
        yield


def said(name, **answer):
    return guide.sentences(name, guide.checked(name, {**NOTHING, **answer}))


def test_it_starts_with_the_person_and_ends_with_an_idea():
    assert [section.name for section in SECTIONS] == ["person", "want", "idea"]
    assert list(QUESTIONS) == ["energy", "proud", "people", "worries", "week", "want", "idea"]
    assert str(QUESTIONS["energy"].ask) == "Wat geeft u energie?"


@pytest.mark.parametrize("name", QUESTIONS)
def test_every_question_is_whole(name):
    question = QUESTIONS[name]
    assert str(question.sentence).count("%(words)s") == 1
    assert len({picture.name for picture in question.pictures}) == len(question.pictures) >= 6
    assert bool(question.scale) == bool(question.scale_ask)
    assert len(question.scale) in (0, 5)
    for sign in [*(picture.icon for picture in question.pictures), *(step.icon for step in question.scale)]:
        assert "<svg" in icon(sign)
    words = [str(question.ask), *(str(picture.words) for picture in question.pictures), *(str(step.words) for step in question.scale)]
    assert all(len(each.split()) <= 10 for each in words)
    assert not re.search(r"uitkering|inkom|schuld|\bziek|partner|samenwon|woont", " ".join(words).lower())


def test_pictures_and_a_few_words_go_on_in_the_sentence():
    assert said("energy", pictures=["music", "cooking"], words="fietsen langs de Amstel") == [
        "Ik krijg energie van koken, muziek en fietsen langs de Amstel."
    ]
    assert said("proud", words="mijn tuin.") == ["Ik ben trots op mijn tuin."]


def test_whole_sentences_stand_as_they_were_said():
    assert said("energy", words="koken\nik zing elke dag. Dat doet mij goed.") == [
        "Ik krijg energie van koken.",
        "Ik zing elke dag.",
        "Dat doet mij goed.",
    ]


def test_a_step_of_the_scale_is_a_sentence():
    assert said("week", pictures=["lessons"], scale=4) == ["Mijn week is gevuld met lessen.", "Mijn week is zo goed."]
    assert said("people", scale=1) == ["Ik mis mensen om mij heen."]


def test_nothing_gives_nothing():
    assert [said(name) for name in QUESTIONS] == [[]] * len(QUESTIONS)
    assert guide.is_empty(NOTHING)
    assert guide.is_empty(None)


@pytest.mark.parametrize(
    ("name", "answer"),
    [
        ("benefit", {"words": "x"}),
        ("energy", {"words": "x" * (LONGEST_ANSWER + 1)}),
        ("energy", {"words": "a\x00b"}),
        ("energy", {"words": None}),
        ("energy", {"pictures": ["moon"]}),
        ("energy", {"pictures": "music"}),
        ("energy", {"scale": 3}),
        ("week", {"scale": 0}),
        ("week", {"scale": 6}),
        ("week", {"scale": True}),
        ("week", {"scale": "3"}),
        ("week", {"income": 100}),
    ],
)
def test_what_is_no_answer_is_refused_and_not_repeated(name, answer):
    with pytest.raises(GuideError) as refused:
        guide.checked(name, answer)
    assert "moon" not in str(refused.value)


texts = st.text(st.characters(exclude_characters="\x00", exclude_categories=["Cs"]), max_size=LONGEST_ANSWER)


@st.composite
def answers(draw):
    name = draw(st.sampled_from(list(QUESTIONS)))
    question = QUESTIONS[name]
    pictures = draw(st.lists(st.sampled_from([each.name for each in question.pictures]), unique=True))
    scale = draw(st.sampled_from([None, 1, 2, 3, 4, 5])) if question.scale else None
    return name, {"words": draw(texts), "pictures": pictures, "scale": scale}


def letters(words):
    return {letter for letter in words.casefold() if letter.isalnum()}


@given(answers())
def test_no_letter_is_lost_and_no_sentence_is_too_long(given_answer):
    name, answer = given_answer
    with translation.override("nl"):
        kept = guide.checked(name, answer)
        made = guide.sentences(name, kept)
        assert made == guide.sentences(name, guide.checked(name, kept)), "the same answer gives the same sentences"
        assert len(made) <= MOST_SENTENCES + 2
        assert all(0 < len(sentence) <= LONGEST_SENTENCE for sentence in made)
        assert letters(kept["words"]) <= letters("".join(made))
        assert (made == []) == guide.is_empty(kept)


@given(st.lists(st.sampled_from(["Ik zing.", "koken", "x" * 280, "Dat is een hele zin.", "مرحبا", "=cmd()", "🙂"]), max_size=12))
def test_each_line_is_found_back(lines):
    with translation.override("nl"):
        made = " ".join(guide.sentences("energy", guide.checked("energy", {**NOTHING, "words": "\n".join(lines)[:LONGEST_ANSWER]})))
    for line in lines[:5]:
        assert line.rstrip(".").replace(" ", "") in made.replace(" ", "")
