from typing import Any

from django.core.management.commands import migrate

from fieldlab.lib.database import grant_to_app, owner_connection
from fieldlab.lib.rls import start_migrating


class Command(migrate.Command):
    """Django's migrate, as the database owner, so that the app's role owns nothing."""

    def handle(self, *args: Any, **options: Any) -> None:
        with owner_connection():
            grant_to_app()
            start_migrating()
            super().handle(*args, **options)
