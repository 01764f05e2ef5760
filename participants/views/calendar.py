"""The private calendar address of a professional: what a program reads at it, and the page where one makes and withdraws it."""

import hashlib
import json

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotModified
from django.http.response import HttpResponseBase
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.cache import patch_cache_control
from django.utils.http import quote_etag
from django.utils.safestring import SafeString
from django.views.decorators.http import require_http_methods, require_safe

from fieldlab.audit.context import UserActor, person_context
from fieldlab.lib.errors import DomainError
from fieldlab.lib.ics import feed
from fieldlab.lib.qr import qr_svg
from participants.actions.calendar import make_feed, open_feed, withdraw_feed
from participants.calendars import entry_in_feed, in_feed, where
from participants.models import Appointment, CalendarFeed, Professional
from participants.views.doors import professional_page


@login_not_required
@require_safe
def calendar_feed(request: HttpRequest, token: str) -> HttpResponse:
    """For programs, so without a session: who has the address reads when and where, and nothing else.

    The wall still stands: it shows the talks with people whom this professional may see now.
    """
    at = timezone.now()
    professional = open_feed(token=token, at=at)
    if professional is None:
        raise Http404
    user = professional.user
    with person_context(UserActor(user, "calendar"), reason="a calendar program reads"), translation.override(user.language):
        shown = Appointment.objects.visible_to(user).filter(professional=professional)
        appointments = list(in_feed(shown, at).prefetch_related("place__initiative").only(*IN_FEED))
        etag = quote_etag(_fingerprint(appointments))
        if request.headers.get("If-None-Match", "").removeprefix("W/") == etag:
            answer: HttpResponse = HttpResponseNotModified()
        else:
            answer = HttpResponse(
                feed(map(entry_in_feed, appointments), name=settings.SITE_NAME), content_type="text/calendar; charset=utf-8"
            )
    answer["ETag"] = etag
    answer["X-Robots-Tag"] = "noindex"
    patch_cache_control(answer, private=True, no_cache=True)
    return answer


IN_FEED = ["begins", "ends", "sequence", "status", "booked_at", "cancelled_at", "place"]


def _fingerprint(appointments: list[Appointment]) -> str:
    """Of all that the file says, so that nothing is written for a program that has it already."""
    said = [
        (str(each.pk), each.sequence, each.status, each.begins.timestamp(), each.ends.timestamp(), where(each.place))
        for each in appointments
    ]
    return hashlib.sha256(json.dumps([translation.get_language(), said]).encode()).hexdigest()[:32]


@require_http_methods(["GET", "HEAD", "POST"])
@professional_page(reason="own calendar address")
def feed_settings(request: HttpRequest, professional: Professional) -> HttpResponseBase:
    """The address stands on the page that made it, and after that nowhere."""
    at, token, error = timezone.now(), "", ""
    if request.POST.get("what") == "withdraw":
        withdraw_feed(professional=professional, at=at)
    elif request.method == "POST":
        try:
            token = make_feed(professional=professional, at=at)
        except DomainError as refused:
            error = refused.message
    address = settings.SITE_URL + reverse("calendar_feed", args=[token]) if token else ""
    context = {
        "feed": CalendarFeed.objects.filter(professional=professional, revoked_at=None).first(),
        "withdrawn": request.POST.get("what") == "withdraw",
        "address": address,
        "subscribe": "webcal:" + address.partition(":")[2] if address else "",
        "qr": SafeString(qr_svg(address, scale=5)) if address else "",
        "error": error,
    }
    return TemplateResponse(request, "participants/calendar/feed.html", context, status=422 if error else 200)
