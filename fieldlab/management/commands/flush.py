from typing import Any

from django.core.management.commands import flush

from fieldlab.lib.database import owner_connection


class Command(flush.Command):
    """Django's flush, as the database owner: the app's role may not truncate."""

    def handle(self, **options: Any) -> None:
        with owner_connection():
            super().handle(**options)
