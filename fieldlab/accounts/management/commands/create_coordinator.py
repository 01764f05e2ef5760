from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from fieldlab.accounts.invitations.actions import invite
from fieldlab.accounts.models import CoordinatorInvitation
from fieldlab.lib.errors import DomainError


class Command(BaseCommand):
    help = "Invites a network coordinator by e-mail: the first one, who invites the others on the site."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email")
        parser.add_argument("--name", required=True)
        parser.add_argument("--employer", default="")
        parser.add_argument("--decides-on-benefits", action="store_true", help="This person decides or advises on benefits.")

    def handle(self, *args: Any, **options: Any) -> None:
        invitation = CoordinatorInvitation(
            email=options["email"],
            name=options["name"],
            employer=options["employer"],
            decides_on_benefits=options["decides_on_benefits"],
        )
        try:
            invite(invitation, actor=None, at=timezone.now())
        except DomainError as error:
            raise CommandError(error.message) from error
        self.stdout.write(f"An invitation is on its way to {invitation.email}. Its link works for two weeks.")
