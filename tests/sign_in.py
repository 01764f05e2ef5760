"""Signing in without the sign-in page, for tests of what comes after it."""

import time

from allauth.account.authentication import AUTHENTICATION_METHODS_SESSION_KEY
from allauth.mfa.models import Authenticator
from django.test import Client

from fieldlab.accounts.models import User


def signed_in(user: User, **client_options) -> Client:
    """A client with the session that `user` has after signing in, with the second factor where the account must have one."""
    client = Client(**client_options)
    client.force_login(user)
    if user.needs_second_factor or user.is_coordinator:
        app, _made = Authenticator.objects.get_or_create(user=user, type=Authenticator.Type.TOTP, defaults={"data": {"secret": "-"}})
        session = client.session
        session[AUTHENTICATION_METHODS_SESSION_KEY] = [
            {"method": "password", "at": time.time(), "email": user.email},
            {"method": "mfa", "at": time.time(), "id": app.pk, "type": app.type},
        ]
        session["account_authentication_methods_user"] = str(user.pk)
        session.save()
    return client
