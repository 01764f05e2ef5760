"""The texts that ask for consent, for the coordinators: who checked which."""

from typing import NamedTuple, cast

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from fieldlab.accounts.models import User
from fieldlab.lib.errors import DomainError
from fieldlab.lib.languages import direction, own_name
from participants.actions.texts import mark_checked
from participants.forms.texts import CheckedForm
from participants.models import ConsentText, Purpose
from participants.permissions import can_check_texts


class Row(NamedTuple):
    text: ConsentText
    name: str
    direction: str
    # Empty once it is checked
    form: CheckedForm | None


class Asked(NamedTuple):
    """One purpose, its newest text first; `asks` once its Dutch is checked."""

    purpose: Purpose
    rows: list[Row]
    asks: bool


@require_http_methods(["GET", "HEAD", "POST"])
def consent_texts(request: HttpRequest) -> HttpResponse:
    actor = cast("User", request.user)
    if not can_check_texts(actor):
        raise Http404
    form = CheckedForm(request.POST if request.method == "POST" else None, auto_id=f"{_number(request.POST.get('text', ''))}_%s")
    if request.method == "POST" and form.is_valid():
        try:
            text = mark_checked(**form.cleaned_data, actor=actor, at=timezone.now())
        except DomainError as error:
            form.add_error("name", error.message)
        else:
            messages.success(request, _("Saved: %(name)s checked this text.") % {"name": text.checked_by})
            return redirect("consent_texts")
    context = {"form": form, "purposes": _purposes(form)}
    return render(request, "participants/own/texts.html", context, status=422 if form.errors else 200)


def _number(typed: str) -> str:
    return typed if typed.isdecimal() and typed.isascii() and len(typed) < 10 else "text"


def _purposes(sent: CheckedForm) -> list[Asked]:
    languages = ["nl", "en"]
    texts = sorted(ConsentText.objects.all(), key=lambda text: (-text.version, text.language not in languages, text.language != "nl"))
    asks = set(ConsentText.objects.current().values_list("purpose", flat=True))
    return [Asked(purpose, [_row(text, sent) for text in texts if text.purpose == purpose], purpose in asks) for purpose in Purpose]


def _row(text: ConsentText, sent: CheckedForm) -> Row:
    form = None
    if not text.is_checked:
        is_sent = sent.is_bound and sent.auto_id == f"{text.pk}_%s"
        form = sent if is_sent else CheckedForm(auto_id=f"{text.pk}_%s", initial={"text": text.pk})
    return Row(text, own_name(text.language), direction(text.language), form)
