class DomainError(Exception):
    """A use case that cannot go on, with a message for the person who asked for it."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message
