"""What somebody who asked to be called sees of it, and puts right, from the same browser."""

from dataclasses import asdict, replace
from uuid import UUID

from django.db import transaction

from fieldlab.audit.context import LinkActor, SystemActor, person_context
from participants.models import Caller, CallRequest


def asked_by(*, request_id: UUID) -> tuple[CallRequest, Caller] | None:
    """The request and what was typed, while it is there. Opens its own context."""
    with person_context(LinkActor(request_id, "call_request"), reason="looks at what they asked"):
        requests = CallRequest.objects.select_related("initiative", "area").defer("area__boundary")
        request = requests.filter(pk=request_id).first()
        return (request, request.open()) if request else None


def change_number(*, request_id: UUID, phone: str) -> bool:
    """Another number for the same request. Opens its own context; False when it was gone already."""
    with person_context(SystemActor("whoever asked to be called types another number")), transaction.atomic():
        request = CallRequest.objects.select_for_update().filter(pk=request_id).first()
        if request is None:
            return False
        request.seal(asdict(replace(request.open(), phone=phone)), request.unwrap())
        request.save(update_fields=["phone", "first_name", "language"])
        return True
