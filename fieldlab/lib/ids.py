"""Ids as they come in forms."""

from uuid import UUID


def uuid_or_none(typed: str) -> UUID | None:
    """None for what is no UUID, so that looking for it finds nothing."""
    try:
        return UUID(typed)
    except ValueError:
        return None
