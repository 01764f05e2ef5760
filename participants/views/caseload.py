from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from fieldlab.accounts.models import User
from fieldlab.audit.actions import record_accesses
from fieldlab.lib.errors import DomainError
from participants.actions.caseload import hand_over_people, stand_in
from participants.forms.day import HandOverForm
from participants.models import Participant, Professional
from participants.views.doors import professional_page


@require_http_methods(["GET", "HEAD", "POST"])
@professional_page(reason="hands people over")
def caseload_hand_over(request: HttpRequest, professional: Professional) -> HttpResponse:
    people = _people(professional.user)
    form = HandOverForm(request.POST or None, people=people, giver=professional, initial={"people": request.GET.getlist("wie")})
    if request.method == "POST" and form.is_valid():
        try:
            told = _hand_over(form, professional.user)
        except DomainError as error:
            form.add_error(None, error.message)
        else:
            messages.success(request, told)
            return redirect("participants")
    context = {"form": form, "people": people}
    return render(request, "participants/day/hand_over.html", context, status=422 if form.errors else 200)


def _hand_over(form: HandOverForm, giver: User) -> str:
    taker, at = form.cleaned_data["taker"], timezone.now()
    if form.cleaned_data["how"] == "while":
        count = stand_in(participants=form.chosen(), giver=giver, taker=taker, until=form.ends())
        words = ngettext("%(name)s now sees %(count)d person of yours too.", "%(name)s now sees %(count)d people of yours too.", count)
    else:
        count = hand_over_people(participants=form.chosen(), giver=giver, taker=taker, at=at)
        words = ngettext("%(name)s now helps %(count)d person.", "%(name)s now helps %(count)d people.", count)
    return words % {"name": taker.user.name, "count": count}


def _people(user: User) -> list[tuple[Participant, str]]:
    """Those whom one was given oneself; every name that is shown is logged."""
    given = Participant.objects.handed_on_by(user).to_open().order_by("created_at", "pk")
    people = [(each, each.open().name) for each in given]
    record_accesses(
        participant_ids=[each.pk for each, _name in people], what="participant.name", reason="hands people over", at=timezone.now()
    )
    return sorted(people, key=lambda each: each[1].casefold())
