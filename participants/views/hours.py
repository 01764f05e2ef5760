"""When a professional talks with people: places and hours, days away, and how long talks take."""

import re
from typing import Any

from django.contrib import messages
from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from fieldlab.lib.errors import DomainError
from initiatives.models import Language
from participants.actions.hours import StaleHours, add_absence, remove_absence, save_hours, save_planning
from participants.forms.hours import AbsenceForm, PlaceHoursForm, PlanningForm
from participants.models import Absence, Availability, Professional, TalkPlace
from participants.views.doors import professional_page


@require_http_methods(["GET", "HEAD", "POST"])
@professional_page(reason="sets their hours")
def hours(request: HttpRequest, professional: Professional) -> HttpResponse:
    what = request.POST.get("wat", "")
    if what == "terug":
        return _back_again(request, professional)
    form = AbsenceForm(request.POST) if what == "weg" else AbsenceForm()
    if what == "weg" and form.is_valid():
        add_absence(professional=professional, at=timezone.now(), **form.cleaned_data)
        messages.success(request, _("Saved. Nothing is booked on these days. Talks that were agreed stay."))
        return redirect("hours")
    mine = Availability.objects.filter(professional=professional)
    places = TalkPlace.objects.filter(ended_at=None).select_related("initiative__area", "own_area")
    places = places.defer("initiative__area__boundary", "own_area__boundary")
    context = {
        "professional": professional,
        "places": places.prefetch_related(Prefetch("availabilities", mine, to_attr="mine"), "rooms"),
        "absences": Absence.objects.filter(professional=professional, last__gte=timezone.localdate()),
        "languages": [Language(each).label for each in professional.languages],
        "form": form,
        "now": timezone.now(),
    }
    return render(request, "participants/agenda/hours.html", context, status=422 if form.errors else 200)


def _back_again(request: HttpRequest, professional: Professional) -> HttpResponse:
    pk = request.POST.get("afwezig", "")
    absence = get_object_or_404(Absence, professional=professional, pk=int(pk) if re.fullmatch("[0-9]{1,9}", pk) else 0)
    remove_absence(absence=absence)
    messages.success(request, _("Saved."))
    return redirect("hours")


@require_http_methods(["GET", "HEAD", "POST"])
@professional_page(reason="sets their hours")
def hours_place(request: HttpRequest, professional: Professional, pk: int) -> HttpResponse:
    """Hours at one place; a second window is noticed by the revision."""
    place = get_object_or_404(TalkPlace.objects.filter(ended_at=None).select_related("initiative"), pk=pk)
    saved = Availability.objects.filter(professional=professional, place=place).first()
    if request.method != "POST":
        return _hours_page(request, place, PlaceHoursForm(initial=_initial(saved)))
    form = PlaceHoursForm(request.POST, initial=_initial(saved))
    if "more" in request.POST or not form.is_valid():
        return _hours_page(request, place, form, status=200 if "more" in request.POST else 422)
    told = (saved or Availability(professional=professional, place=place)).hours
    try:
        save_hours(professional=professional, place=place, hours=form.hours(told), revision=form.cleaned_data["revision"] or 0)
    except StaleHours as stale:
        typed = request.POST.copy()
        typed["revision"] = str(stale.current.revision)
        again = PlaceHoursForm(typed, initial=_initial(stale.current))
        again.add_error(None, stale.message)
        return _hours_page(request, place, again, status=409, theirs=stale.current.hours)
    except DomainError as error:
        form.add_error(None, error.message)
        return _hours_page(request, place, form, status=422)
    messages.success(request, _("Saved. People can book these times at once."))
    return redirect("hours")


def _initial(saved: Availability | None) -> dict[str, Any]:
    return {"revision": 0} if saved is None else {**PlaceHoursForm.initial_hours(saved.hours), "revision": saved.revision}


def _hours_page(request: HttpRequest, place: TalkPlace, form: PlaceHoursForm, status: int = 200, **more: Any) -> HttpResponse:
    context = {"place": place, "form": form, "now": timezone.now(), **more}
    return render(request, "participants/agenda/hours_place.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@professional_page(reason="sets their hours")
def hours_planning(request: HttpRequest, professional: Professional) -> HttpResponse:
    form = PlanningForm(request.POST if request.method == "POST" else None, initial=PlanningForm.initial_of(professional))
    if request.method == "POST" and form.is_valid():
        try:
            save_planning(professional=professional, changes=form.cleaned_data)
        except DomainError as error:
            form.add_error(None, error.message)
        else:
            messages.success(request, _("Saved."))
            return redirect("hours")
    return render(request, "participants/agenda/planning.html", {"form": form}, status=422 if form.errors else 200)
