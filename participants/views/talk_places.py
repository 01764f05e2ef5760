"""Places and rooms for talks: kept by the coordinators."""

import re
from typing import Any, cast

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from fieldlab.accounts.models import User
from fieldlab.lib.errors import DomainError
from initiatives.models import Accessibility
from participants.actions.places import end_place, end_room, save_place, save_room, use_place_again
from participants.forms.places import TalkPlaceForm, TalkRoomForm
from participants.models import TalkPlace
from participants.permissions import can_keep_talk_places


@require_safe
def talk_places(request: HttpRequest) -> HttpResponse:
    _check(request)
    places = TalkPlace.objects.select_related("initiative__area", "own_area").prefetch_related("rooms", "availabilities")
    places = places.defer("initiative__area__boundary", "own_area__boundary").order_by("ended_at", "initiative__name", "own_name", "pk")
    return render(request, "participants/agenda/places.html", {"places": places, "facts": dict(Accessibility.choices)})


@require_http_methods(["GET", "HEAD", "POST"])
def talk_place_new(request: HttpRequest) -> HttpResponse:
    _check(request)
    form = TalkPlaceForm(request.POST if request.method == "POST" else None, place=None, initial=TalkPlaceForm.initial_of(None))
    if request.method == "POST" and form.is_valid():
        try:
            place = save_place(place=None, actor=_actor(request), changes=form.cleaned_data)
        except DomainError as error:
            form.add_error(None, error.message)
        else:
            messages.success(request, _("Saved. Now add a room."))
            return redirect("talk_place", place.pk)
    return _page(request, None, form)


@require_http_methods(["GET", "HEAD", "POST"])
def talk_place(request: HttpRequest, pk: int) -> HttpResponse:
    """The place itself, and its rooms."""
    _check(request)
    place = get_object_or_404(TalkPlace.objects.select_related("initiative"), pk=pk)
    does = request.POST.get("wat", "")
    if does in ("ruimte", "ruimte-weg"):
        return _room(request, place, does)
    if does in ("weg", "terug"):
        return _end(request, place, does)
    form = TalkPlaceForm(request.POST if request.method == "POST" else None, place=place, initial=TalkPlaceForm.initial_of(place))
    if request.method == "POST" and form.is_valid():
        try:
            save_place(place=place, actor=_actor(request), changes=form.cleaned_data)
        except DomainError as error:
            form.add_error(None, error.message)
        else:
            messages.success(request, _("Saved."))
            return redirect("talk_places")
    return _page(request, place, form)


def _room(request: HttpRequest, place: TalkPlace, does: str) -> HttpResponse:
    form = TalkRoomForm(request.POST)
    form.fields["room"].queryset = place.rooms.all()  # type: ignore[attr-defined]
    if does == "ruimte-weg":
        pk = request.POST.get("room", "")
        end_room(
            room=get_object_or_404(place.rooms, pk=int(pk) if re.fullmatch("[0-9]{1,9}", pk) else 0),
            actor=_actor(request),
            at=timezone.now(),
        )
        messages.success(request, _("Nothing more is booked in this room. Talks that were agreed go on."))
        return redirect("talk_place", place.pk)
    if form.is_valid():
        try:
            save_room(place=place, actor=_actor(request), **form.cleaned_data)
        except DomainError as error:
            form.add_error("name", error.message)
        else:
            messages.success(request, _("Saved."))
            return redirect("talk_place", place.pk)
    return _page(request, place, TalkPlaceForm(place=place, initial=TalkPlaceForm.initial_of(place)), room_form=form)


def _end(request: HttpRequest, place: TalkPlace, does: str) -> HttpResponse:
    if does == "weg":
        end_place(place=place, actor=_actor(request), at=timezone.now())
        messages.success(request, _("Nothing more is booked at this place. Talks that were agreed go on."))
    else:
        use_place_again(place=place, actor=_actor(request))
        messages.success(request, _("Talks can be booked at this place again."))
    return redirect("talk_places")


def _page(request: HttpRequest, place: TalkPlace | None, form: TalkPlaceForm, room_form: TalkRoomForm | None = None) -> HttpResponse:
    rooms = place.rooms.filter(ended_at=None) if place else ()
    bad = form.errors or (room_form and room_form.errors)
    context: dict[str, Any] = {"place": place, "form": form, "rooms": rooms, "room_form": room_form or TalkRoomForm(auto_id="room_%s")}
    return render(request, "participants/agenda/place.html", context, status=422 if bad else 200)


def _check(request: HttpRequest) -> None:
    if not can_keep_talk_places(_actor(request)):
        raise Http404


def _actor(request: HttpRequest) -> User:
    return cast("User", request.user)
