import json
from argparse import ArgumentParser
from pathlib import Path
from time import perf_counter
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone

from fieldlab.areas.actions import ImportReport, Reading, import_areas, read
from initiatives.actions import reassign_areas


class Command(BaseCommand):
    help = (
        "Imports official boundaries from a GeoJSON file: Amsterdam's gebieden, or wijken en buurten of CBS and PDOK; in WGS84 or RD New. "
        "Afterwards each initiative lies in the neighbourhood that its place is in. Exit code 1 when a feature was broken."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)

    def handle(self, *args: Any, file: Path, **options: Any) -> None:
        started = perf_counter()
        reading = self.read(file)
        at = timezone.now()
        with transaction.atomic():
            self.stdout.write("Comparing with the areas in the database")
            report = import_areas(reading=reading, at=at)
            moved = 0 if report.nothing_changed else reassign_areas(at=at)
        self.tell(report)
        if moved:
            self.stdout.write(f"initiatives that now lie in another area: {moved}")
        self.stdout.write(f"Done in {perf_counter() - started:.1f} s")
        if reading.broken:
            raise CommandError(f"{len(reading.broken)} broken features were skipped, everything else is in.", returncode=1)

    def read(self, file: Path) -> Reading:
        try:
            reading = read(json.loads(file.read_text(encoding="utf-8-sig")))
        except OSError as error:
            raise CommandError(f"{file}: {error.strerror}") from None
        except (ValueError, RecursionError) as error:
            raise CommandError(f"{file}: {error}") from None
        self.stdout.write(f"{len(reading.areas)} areas in {file.name}")
        for reason, count in reading.passed_over.items():
            self.stdout.write(f"passed over, {reason}: {count}")
        for index, reason in reading.broken:
            self.stderr.write(f"feature {index} {reason}; skipped")
        return reading

    def tell(self, report: ImportReport) -> None:
        if report.nothing_changed:
            self.stdout.write(f"Nothing changed: all {report.unchanged} areas are as they were.")
            return
        self.stdout.write(f"new: {len(report.new)}")
        self.stdout.write(f"changed: {len(report.changed)}")
        for word, areas in (("back again", report.returned), ("vanished", report.vanished)):
            self.stdout.write(f"{word}: {len(areas)}")
            for area in areas:
                self.stdout.write(f"  {area}")
        for area, old in report.recoded:
            self.stdout.write(f"other code: {area} was {old}")
        self.stdout.write(f"unchanged: {report.unchanged}")
        if report.kept:
            self.stdout.write(f"not in the file, but kept because a broken feature hides which area it was: {report.kept}")
