class DomainError(Exception):
    """A use case that cannot go on, with a message for the person who asked for it."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class NotNow(DomainError):  # noqa: N818 - reads as what it says
    """It cannot go on for a reason that is ours and passes; the same may be asked again later."""
