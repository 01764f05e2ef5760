"""Pages that no app owns: home, my overview, and what every page shows."""

from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def site(request: HttpRequest) -> dict[str, Any]:
    """Context for every template: the network's name and how to reach it."""
    return {
        "SITE_NAME": settings.SITE_NAME,
        "HELP_PHONE": settings.HELP_PHONE,
        "HELP_HOURS": settings.HELP_HOURS,
        "DEMO": settings.DEMO,
    }


@login_not_required
def home(request: HttpRequest) -> HttpResponse:
    return render(request, "pages/home.html")


def overview(request: HttpRequest) -> HttpResponse:
    return render(request, "pages/overview.html")
