"""What a team and its moderators write to each other, as the team sees it."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from fieldlab.accounts.models import User
from fieldlab.lib.errors import DomainError
from initiatives.actions import send_message
from initiatives.forms.moderate import MessageForm
from initiatives.models import Initiative

PER_PAGE = 20


@require_http_methods(["GET", "HEAD", "POST"])
def initiative_messages(request: HttpRequest, slug: str) -> HttpResponse:
    """Read, the newest first, and write."""
    initiative = get_object_or_404(Initiative.objects.of_member(request.user).with_area(), slug=slug)
    form = MessageForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and isinstance(request.user, User):
        text = form.cleaned_data["text"]
        try:
            send_message(initiative=initiative, actor=request.user, by_moderator=False, text=text, at=timezone.now())
        except DomainError as error:
            form.add_error(None, error.message)
        else:
            messages.success(request, _("Sent. Whoever checks your page gets an e-mail."))
            return redirect("initiative_messages", slug)
    thread = initiative.messages.select_related("author").order_by("-at", "-pk")
    context = {
        "initiative": initiative,
        "form": form,
        "page": Paginator(thread, PER_PAGE).get_page(request.GET.get("page")),
        "decisions": initiative.decisions.exclude(message="").select_related("decided_by")[:5],
    }
    return render(request, "initiatives/messages.html", context, status=422 if form.errors else 200)
