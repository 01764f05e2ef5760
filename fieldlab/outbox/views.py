"""The demo's mailbox: what would have been sent. Anywhere else these pages do not exist."""

from csp.constants import NONE, UNSAFE_INLINE
from csp.decorators import csp
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db.models import Count, Max
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from fieldlab.outbox.models import OutboxMessage
from fieldlab.outbox.querysets import OutboxMessageQuerySet

SHOWN = 50
LETTER_POLICY = {
    "default-src": [NONE],
    "style-src": [UNSAFE_INLINE],
    "base-uri": [NONE],
    "form-action": [NONE],
    "frame-ancestors": [NONE],
}


@login_not_required
@require_safe
@never_cache
def demo_mailbox(request: HttpRequest) -> HttpResponse:
    """The newest messages; `?voor=17` shows those to whom message 17 went, as an address does not belong in an address bar."""
    messages = _messages()
    recipients = messages.values("to").annotate(latest=Max("pk"), number=Count("pk")).order_by("to")
    chosen = None
    if number := request.GET.get("voor"):
        chosen = get_object_or_404(messages, pk=number if number.isdecimal() and len(number) < 19 else 0).to
        messages = messages.filter(to=chosen)
    context = {"chosen": chosen, "recipients": recipients, "mailbox": messages.order_by("-pk")[:SHOWN], "shown": SHOWN}
    return render(request, "outbox/demo_mailbox.html", context)


@login_not_required
@require_safe
@never_cache
@csp(LETTER_POLICY)  # type: ignore[arg-type]  # its annotation forgets that views have arguments
def demo_letter(request: HttpRequest, pk: int) -> HttpResponse:
    """An e-mail as a mail program shows it, under a policy of its own: nothing but its own style sheet."""
    return HttpResponse(get_object_or_404(_messages().exclude(html=""), pk=pk).html)


def _messages() -> OutboxMessageQuerySet:
    if not settings.DEMO:
        raise Http404
    return OutboxMessage.objects.filter(emptied_at__isnull=True)
