"""Which language a page is in, who must add a second factor first, and what happens when nobody can count sign-ins."""

import logging
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from allauth.account.authentication import get_authentication_records
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import translation
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext as _
from redis.exceptions import RedisError

from fieldlab.accounts.apps import ADDED_SESSION_KEY
from fieldlab.lib.languages import is_also_as_help

logger = logging.getLogger(__name__)


GetResponse = Callable[[HttpRequest], HttpResponse]


class LanguageMiddleware:
    """Cookie first, then the account's language, then Dutch: the browser's own guess is left out, as many phones are set wrong.

    A help language is spoken on the pages that have it; the others are Dutch then, as a whole.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        known = dict(settings.LANGUAGES)
        language = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
        if language not in known and request.user.is_authenticated:
            language = request.user.language
        with translation.override(language if language in known else settings.LANGUAGE_CODE):
            request.LANGUAGE_CODE = translation.get_language()
            response = self.get_response(request)
            response.headers.setdefault("Content-Language", request.LANGUAGE_CODE)
            return response

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> None:
        language = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
        if language in dict(settings.HELP_LANGUAGES) and is_also_as_help(view):
            translation.activate(language)  # until the end of this request: it happens inside the override
            request.LANGUAGE_CODE = language


class PrivatePagesMiddleware:
    """What somebody sees who signed in is kept by no browser: phones and desks are shared, and "back" works after signing out."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if "Cache-Control" not in response and request.user.is_authenticated:
            add_never_cache_headers(response)
        return response


class SecondFactorMiddleware:
    """Whoever works with other people's data reaches their own account only, until this session has seen a second factor."""

    OPEN = ("set_language", "privacy", "accessibility", "account_logout", "mfa_reauthenticate", "mfa_reauthenticate_webauthn")
    # Also open to who has none yet; to others not: there a password alone would take the second factor away
    OPEN_TO_SET_UP = ("account", "mfa_", "socialaccount_", "openid_connect_")

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponse | None:
        name = (request.resolver_match and request.resolver_match.url_name) or ""
        if name in self.OPEN or not second_factor_missing(request):
            return None
        kinds = set(Authenticator.objects.filter(user=request.user).values_list("type", flat=True))
        if Authenticator.Type.TOTP in kinds:
            where = "mfa_reauthenticate"
        elif Authenticator.Type.WEBAUTHN in kinds:
            where = "mfa_reauthenticate_webauthn"
        elif name.startswith(self.OPEN_TO_SET_UP):
            return None
        else:
            messages.info(request, _("Your work here needs a second step when you sign in. Choose one first: it takes two minutes."))
            return redirect("mfa_index")
        return redirect(f"{reverse(where)}?{urlencode({REDIRECT_FIELD_NAME: request.get_full_path()})}")


def second_factor_missing(request: HttpRequest) -> bool:
    """Must this person have a second factor, and has this session not seen one that still exists?"""
    user = request.user
    if not settings.SECOND_FACTOR_ENFORCED or not user.is_authenticated or not (user.needs_second_factor or user.is_coordinator):
        return False
    used = {record.get("id") for record in get_authentication_records(request, user) if record["method"] == "mfa"}
    used.add(request.session.get(ADDED_SESSION_KEY))
    used.discard(None)
    return not (used and Authenticator.objects.filter(user=user, pk__in=used).exists())


class RedisDownMiddleware:
    """Without Redis nothing counts attempts, so signing in stops with a plain word instead of going on uncounted."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if not isinstance(exception, RedisError):
            return None
        logger.error("Redis does not answer: %s", type(exception).__name__)
        response = render(request, "accounts/unavailable.html", status=503)
        response["Retry-After"] = "60"
        return response
