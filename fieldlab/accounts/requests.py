from django.http import HttpRequest

from fieldlab.accounts.models import User


class SignedInRequest(HttpRequest):
    """What a view gets that LoginRequiredMiddleware guards; for annotations only."""

    user: User
