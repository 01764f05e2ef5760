from datetime import datetime
from typing import TYPE_CHECKING, Any, Self

from django.contrib.auth.base_user import BaseUserManager
from django.db import models

if TYPE_CHECKING:
    from fieldlab.accounts.models import User


class UserQuerySet(models.QuerySet["User"]):
    def visible_to(self, user: "User") -> Self:
        """Coordinators see every account, everybody sees their own."""
        return self if user.is_coordinator else self.filter(pk=user.pk)


class UserManager(BaseUserManager.from_queryset(UserQuerySet)["User"]):  # type: ignore[misc]
    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        user: User = self.model(email=email.strip().lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user


class InvitationQuerySet(models.QuerySet[Any]):
    def pending(self) -> Self:
        """Neither accepted nor withdrawn; the link may have expired, and can then be sent again."""
        return self.filter(accepted_at=None, revoked_at=None)

    def open_at(self, at: datetime) -> Self:
        return self.pending().filter(expires_at__gt=at)


class NetworkRoleQuerySet(models.QuerySet[Any]):
    def current(self) -> Self:
        return self.filter(ended_at=None, user__is_active=True)

    def helping(self) -> Self:
        """Who may see people besides: nobody who decides or advises on benefits."""
        return self.current().filter(user__decides_on_benefits=False)
