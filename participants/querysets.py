from typing import Any, Self

from django.db import models
from django.db.models import Func, Q

from fieldlab.accounts.models import User


class DatabaseClock(Func):
    """The clock that the policies read too, so that both walls open and close at the same instant."""

    template = "statement_timestamp()"
    output_field = models.DateTimeField()


def _open(access: str = "") -> Q:
    """The condition that an access holds now; `access` is the path to it, such as "accesses__"."""
    now = DatabaseClock()
    return Q(**{f"{access}valid_from__lte": now}) & (Q(**{f"{access}until": None}) | Q(**{f"{access}until__gt": now}))


class ParticipantQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: User) -> Self:
        """Oneself, and those one was given access to. Whoever decides or advises on benefits sees nobody.

        The first wall. Row-level security is the second: it hides the same rows, and all of them outside of person_context.
        """
        if user.decides_on_benefits or not user.is_active:
            return self.none()
        everybody = self.model._default_manager.order_by()
        given = everybody.filter(_open("accesses__"), accesses__user=user)
        return self.filter(pk__in=given.values("pk").union(everybody.filter(user=user).values("pk")))


class ParticipantAccessQuerySet(models.QuerySet[Any]):
    def open(self) -> Self:
        return self.filter(_open())
