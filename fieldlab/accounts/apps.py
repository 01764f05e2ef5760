from typing import Any

from django.apps import AppConfig
from django.http import HttpRequest

ADDED_SESSION_KEY = "second_factor_added"


class AccountsConfig(AppConfig):
    name = "fieldlab.accounts"

    def ready(self) -> None:
        from allauth.mfa.signals import authenticator_added  # it loads models, which are there only now

        authenticator_added.connect(remember_added, dispatch_uid="fieldlab.accounts")


def remember_added(request: HttpRequest, authenticator: Any, **kwargs: Any) -> None:
    """Setting up a second factor shows that one has it, so this session counts as signed in with it."""
    if authenticator.type != authenticator.Type.RECOVERY_CODES:
        request.session[ADDED_SESSION_KEY] = authenticator.pk
