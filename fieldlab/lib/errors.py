from django.db import IntegrityError


class DomainError(Exception):
    """A use case that cannot go on, with a message for the person who asked for it."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class NotNow(DomainError):  # noqa: N818 - reads as what it says
    """It cannot go on for a reason that is ours and passes; the same may be asked again later."""


def constraint_of(error: IntegrityError) -> str:
    """The name of the constraint that refused; empty when the database named none."""
    return getattr(getattr(error.__cause__, "diag", None), "constraint_name", None) or ""
