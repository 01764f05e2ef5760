"""Keeping an entry true without changing it."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from fieldlab.lib.errors import DomainError
from initiatives.actions import confirm
from initiatives.models import Initiative

CHANGING = "initiative_change"


@require_POST
def confirm_initiative(request: HttpRequest, slug: str) -> HttpResponse:
    """ "Everything is still right"."""
    found = get_object_or_404(Initiative.objects.of_member(request.user), slug=slug)
    try:
        confirm(initiative=found, at=timezone.now())
    except DomainError as error:
        messages.warning(request, error.message)
    else:
        messages.success(request, _("Thank you. Visitors see that you checked it today."))
    return redirect(found)
