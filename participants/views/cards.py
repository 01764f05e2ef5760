"""A card on paper, for who has no telephone with internet: when, where, who, and the code for one's own details."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from participants.actions.codes import NoAnswerKnown, give_code, withdraw
from participants.models import Appointment, Participant, PersonalCode, Professional
from participants.papers.card import card_pdf
from participants.views.doors import professional_page, whom


@require_http_methods(["GET", "HEAD", "POST"])
@professional_page(reason="prints a card")
def participant_card(request: HttpRequest, professional: Professional, pk: UUID) -> HttpResponseBase:
    """GET asks; POST makes a new code and the card, or closes the code of a card that is lost."""
    at = timezone.now()
    participant, details = whom(professional, pk, "prints a card")
    if request.method == "POST" and request.POST.get("do") == "withdraw":
        withdraw(participant=participant, at=at)
        messages.success(request, _("The code of the old card opens nothing any more."))
        return redirect("participant_card", pk)
    if request.method == "POST":
        return _printed(participant, professional)
    context = {
        "participant": participant,
        "details": details,
        "appointment": _next(participant),
        "code": PersonalCode.objects.filter(participant=participant, revoked_at=None, expires_at__gt=at).first(),
        "can_enter": bool(details.birth_year or details.phone),
    }
    return render(request, "participants/own/card.html", context)


def _next(participant: Participant) -> Appointment | None:
    coming = Appointment.objects.about(participant).coming(timezone.now())
    found: Appointment | None = coming.select_related("place__initiative", "room", "professional__user").first()
    return found


def _printed(participant: Participant, professional: Professional) -> HttpResponse:
    at = timezone.now()
    try:
        code = give_code(participant=participant, actor=professional.user, at=at)
    except NoAnswerKnown:
        code = ""  # the card still says when, where and whom to call
    pdf = card_pdf(appointment=_next(participant), professional=professional, code=code, path=reverse("own_enter"), at=at)
    response = HttpResponse(pdf, content_type="application/pdf")
    response["Content-Disposition"] = 'inline; filename="kaartje.pdf"'
    return response
