"""Two pages that list the participants somebody may see: one as the site does it, one that must leak."""

from django.db import connection, transaction
from django.http import HttpRequest, JsonResponse
from django.urls import path

from fieldlab.audit.context import UserActor, person_context
from participants.models import Participant


def codes() -> list[str]:
    # No visible_to: only row-level security stands between
    return list(Participant.objects.order_by().values_list("code", flat=True))


def walled(request: HttpRequest) -> JsonResponse:
    if "forget" in request.GET:
        return JsonResponse({"codes": codes()})
    with person_context(UserActor(request.user)):
        return JsonResponse({"codes": codes()})


def leaking(request: HttpRequest) -> JsonResponse:
    """The same with the context set for the session, which the pool hands to whoever comes next."""
    with transaction.atomic():
        if "forget" not in request.GET:
            with connection.cursor() as cursor:
                cursor.execute(
                    "SELECT set_config('app.actor_kind', 'user', false), set_config('app.user_id', %s, false)", [str(request.user.pk)]
                )
        return JsonResponse({"codes": codes()})


urlpatterns = [path("walled/", walled), path("leaking/", leaking)]
