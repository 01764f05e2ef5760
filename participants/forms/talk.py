"""What is typed in a talk, and while a report is read."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django import forms
from django.forms import BoundField
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from initiatives.models import Language
from participants.actions.talks import EMPTY, Answers, Screen
from participants.guide import LONGEST_ANSWER, LONGEST_SENTENCE, QUESTIONS, SECTIONS, Answer, Picture, Question, Section, Step

HIGHEST = 2**31 - 1
TOO_LONG = _("This is too long. Write down the most important, in at most %(limit_value)s characters.")
WRONG_SIGN = _("There is a sign in this text that cannot be kept. Type it again.")


class WordsField(forms.CharField):
    """Several lines, as they were typed."""

    def __init__(self, **options: Any) -> None:
        widget = forms.Textarea({"rows": 2, "class": "in--low", "dir": "auto", "autocomplete": "off"})
        super().__init__(widget=widget, error_messages={"max_length": TOO_LONG, "null_characters_not_allowed": WRONG_SIGN}, **options)

    def to_python(self, value: Any) -> str:
        if "\x00" in str(value or ""):
            raise forms.ValidationError(WRONG_SIGN)
        return str(super().to_python(value)).replace("\r\n", "\n")


class TalkForm(forms.Form):
    """The answers to these questions, each with its words, pictures and step; `screen` tells two screens apart."""

    use_required_attribute = False

    def __init__(self, data: QueryDict | None = None, *, names: Iterable[str] = QUESTIONS, answers: Answers | None = None) -> None:
        super().__init__(data)
        self.names = [name for name in QUESTIONS if name in set(names)]
        for name in self.names:
            self._ask(QUESTIONS[name], (answers or {}).get(name, EMPTY))

    def _ask(self, question: Question, answer: Answer) -> None:
        self.fields[f"{question.name}-words"] = WordsField(
            label=question.ask, required=False, max_length=LONGEST_ANSWER, initial=answer["words"]
        )
        self.fields[f"{question.name}-pictures"] = forms.MultipleChoiceField(
            label=question.ask,
            required=False,
            choices=[(picture.name, picture.words) for picture in question.pictures],
            initial=answer["pictures"],
        )
        if question.scale:
            self.fields[f"{question.name}-scale"] = forms.TypedChoiceField(
                label=question.scale_ask,
                required=False,
                coerce=int,
                empty_value=None,
                choices=[(number, step.words) for number, step in enumerate(question.scale, 1)],
                initial=answer["scale"],
            )

    @property
    def answers(self) -> Answers:
        said = self.cleaned_data
        return {
            name: Answer(words=said[f"{name}-words"], pictures=said[f"{name}-pictures"], scale=said.get(f"{name}-scale"))
            for name in self.names
        }

    @property
    def errors_by_question(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for name, errors in self.errors.items():
            found.setdefault(name.partition("-")[0], []).extend(str(error) for error in errors)
        return found


@dataclass(frozen=True)
class Asked:
    """A question as the page shows it: what is chosen, and what another screen saved meanwhile (`other`)."""

    question: Question
    words: BoundField
    pictures: list[tuple[Picture, bool]]
    scale: list[tuple[int, Step, bool]]
    other: str | None = None


def asked(form: TalkForm, others: Answers | None = None) -> list[tuple[Section, list[Asked]]]:
    return [(section, [_asked(form, each, others or {}) for each in section.questions if each.name in form.names]) for section in SECTIONS]


def _asked(form: TalkForm, question: Question, others: Answers) -> Asked:
    chosen = set(form[f"{question.name}-pictures"].value() or [])
    step = str(form[f"{question.name}-scale"].value() or "") if question.scale else ""
    return Asked(
        question,
        form[f"{question.name}-words"],
        [(picture, picture.name in chosen) for picture in question.pictures],
        [(number, each, step == str(number)) for number, each in enumerate(question.scale, 1)],
        as_words(question, others[question.name]) if question.name in others else None,
    )


def as_words(question: Question, answer: Answer) -> str:
    """An answer as one reads it: the pictures and the step in words, then what was typed."""
    chosen = [str(picture.words) for picture in question.pictures if picture.name in answer["pictures"]]
    step = str(question.scale[answer["scale"] - 1].words) if answer["scale"] else ""
    return "\n".join(filter(None, [", ".join(chosen), step, answer["words"]]))


def screen_of(data: QueryDict) -> Screen:
    """Whose save it is; what is no number counts as nothing seen."""
    return Screen(number(data, "screen"), number(data, "sent"), number(data, "revision"))


def number(data: QueryDict, name: str) -> int:
    typed = data.get(name, "")
    return min(int(typed), HIGHEST) if typed.isascii() and typed.isdigit() and len(typed) < 12 else 0


class SentenceForm(forms.Form):
    """How they say it themselves."""

    use_required_attribute = False

    instead = WordsField(label=_("How do you say it yourself?"), max_length=LONGEST_SENTENCE)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["instead"].error_messages["required"] = _("Type how they say it themselves.")


class ApproveForm(forms.Form):
    interpreted_in = forms.ChoiceField(label=_("With an interpreter?"), required=False, choices=[("", _("no")), *Language.choices])


class SentencesForm(forms.Form):
    """All sentences, each in a field with its id, and one to add."""

    use_required_attribute = False

    def __init__(self, data: QueryDict | None = None, *, sentences: Mapping[UUID, str]) -> None:
        super().__init__(data)
        for place, (pk, words) in enumerate(sentences.items(), 1):
            self.fields[f"s-{pk}"] = WordsField(
                label=_("Sentence %(place)d") % {"place": place}, required=False, max_length=LONGEST_SENTENCE, initial=words
            )
        self.fields["add"] = WordsField(label=_("One more sentence"), required=False, max_length=LONGEST_SENTENCE)

    @property
    def typed(self) -> dict[UUID, str]:
        return {UUID(name[2:]): words for name, words in self.cleaned_data.items() if name.startswith("s-")}

    @property
    def rows(self) -> list[tuple[str, BoundField]]:
        return [(name[2:], self[name]) for name in self.fields if name.startswith("s-")]
