"""What somebody said yes or no to: answered by themselves, or together with whoever helps them."""

from collections.abc import Sequence
from typing import Any, NamedTuple
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from fieldlab.accounts.models import User
from fieldlab.audit.actions import record_access
from fieldlab.lib.errors import DomainError
from fieldlab.lib.languages import direction, own_name
from initiatives.models import Language
from participants.actions.consents import answer_consent
from participants.forms.own import AnswerForm
from participants.models import Answer, Consent, ConsentText, Details, Participant, Professional, Purpose
from participants.views.doors import own_page, professional_page, renew_code, tell_new_code, whom

METHODS = ["GET", "HEAD", "POST"]


class Translation(NamedTuple):
    text: ConsentText
    name: str
    direction: str
    # The person speaks it
    opens: bool


class Card(NamedTuple):
    """One purpose: the text that asks, the same in other languages, and the answer that holds."""

    text: ConsentText
    direction: str
    translations: list[Translation]
    last: Consent | None


@require_http_methods(METHODS)
@professional_page(reason="asks for consent")
def participant_consents(request: HttpRequest, professional: Professional, pk: UUID) -> HttpResponseBase:
    """A professional and a participant at one screen."""
    participant, details = whom(professional, pk, "asks for consent")
    return _consents(request, participant, details, professional.user)


@require_http_methods(METHODS)
@own_page(reason="answers what is allowed")
def own_consents(request: HttpRequest, participant: Participant) -> HttpResponseBase:
    what = {"what": "participant.consents", "reason": "answers what is allowed"}
    record_access(participant_id=participant.pk, at=timezone.now(), **what)
    return _consents(request, participant, participant.open(), None)


def _consents(request: HttpRequest, participant: Participant, details: Details, witness: User | None) -> HttpResponse:
    form = AnswerForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        if _needs_asking(form):
            return _page(request, "sure", participant, {"form": form, "witness": witness, "details": details})
        try:
            return _answered(request, form, participant, witness)
        except DomainError as error:
            form.add_error(None, error.message)
    spoken = [code for code in details.languages if code != "nl"]
    context = {
        "form": form,
        "details": details,
        "witness": witness,
        "cards": (cards := _cards(participant, details.languages)),
        "unready": [purpose for purpose in Purpose if purpose not in {card.text.purpose for card in cards}],
        "languages": Language.choices,
        "interpreter_language": spoken[0] if spoken and details.interpreter else "",
    }
    return _page(request, "consents", participant, context, status=422 if form.errors else 200)


def _page(request: HttpRequest, name: str, participant: Participant, context: dict[str, Any], status: int = 200) -> HttpResponse:
    return render(request, f"participants/own/{name}.html", {"participant": participant, **context}, status=status)


def _needs_asking(form: AnswerForm) -> bool:
    """Without name and number nobody may help any more: that is asked once."""
    said = form.cleaned_data
    return said["text"].purpose == Purpose.DETAILS and said["answer"] != Answer.GIVEN and not said["sure"]


def _answered(request: HttpRequest, form: AnswerForm, participant: Participant, witness: User | None) -> HttpResponse:
    said = form.cleaned_data
    interpreted_in = said["interpreted_in"] if witness else ""
    answer_consent(
        participant=participant,
        text=said["text"],
        answer=Answer(said["answer"]),
        witness=witness,
        at=timezone.now(),
        interpreted_in=interpreted_in,
    )
    messages.success(request, _("Saved: %(answer)s.") % {"answer": Answer(said["answer"]).label})
    if not witness:
        tell_new_code(request, renew_code(request, participant, timezone.now()))
        return redirect("own_consents")
    if Participant.objects.visible_to(witness).filter(pk=participant.pk).exists():
        return redirect("participant_consents", participant.pk)
    return redirect("overview")


def _cards(participant: Participant, languages: Sequence[str]) -> list[Card]:
    texts: dict[str, dict[str, ConsentText]] = {}
    for text in ConsentText.objects.current():
        texts.setdefault(text.purpose, {})[text.language] = text
    given = Consent.objects.filter(participant=participant).last().select_related("witness")
    last = {consent.purpose: consent for consent in given}
    return [_card(texts[purpose], languages, last.get(purpose)) for purpose in Purpose.values if purpose in texts]


def _card(texts: dict[str, ConsentText], languages: Sequence[str], last: Consent | None) -> Card:
    asks = texts.get(get_language() or "nl", texts["nl"])
    asks = asks if asks.is_checked else texts["nl"]
    others = [
        Translation(text, own_name(code), direction(code), code in languages or code == get_language())
        for code, text in texts.items()
        if text != asks
    ]
    return Card(asks, direction(asks.language), others, last)
