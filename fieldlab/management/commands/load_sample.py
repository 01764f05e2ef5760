from time import perf_counter
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

import challenge.sample
import fieldlab.accounts.sample
import fieldlab.areas.sample
import fieldlab.figures.sample
import initiatives.sample
import participants.sample
import workshops.sample

# From the ground up: each stands on what the ones before it made.
ROOMS = [
    fieldlab.areas.sample,
    fieldlab.accounts.sample,
    initiatives.sample,
    participants.sample,
    workshops.sample,
    challenge.sample,
    fieldlab.figures.sample,
]

MOST = 1_000_000


class Command(BaseCommand):
    help = "Loads the sample data: an invented network and an account for every role. Safe to run again."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--initiatives", type=int, default=0, metavar="N", help="for measuring: add N generated initiatives, each time")

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError("The sample accounts have a known password, so they are only loaded where DEMO is set.")
        if not 0 <= options["initiatives"] <= MOST:
            raise CommandError(f"Between 0 and {MOST:,} initiatives.")
        at = timezone.now()
        for room in ROOMS:
            started = perf_counter()
            room.load(at)
            self.stdout.write(f"{room.__name__.removesuffix('.sample')}: {perf_counter() - started:.1f} s")
        if options["initiatives"]:
            started = perf_counter()
            initiatives.sample.load_many(options["initiatives"], at)
            self.stdout.write(f"{options['initiatives']:,} generated initiatives: {perf_counter() - started:.1f} s")
