from typing import Any

from django.core.management.base import BaseCommand

from fieldlab.audit.context import SystemActor, person_context
from fieldlab.lib.encryption import master_keys
from participants.models import HoldsKey

BATCH = 500


def rewrap_batch() -> int:
    """Put up to BATCH keys of each table under the first master key, in one transaction; 0 when none is left."""
    rewrapped = 0
    with person_context(SystemActor("encryption keys are rotated")):
        for table in HoldsKey.__subclasses__():
            keys = list(table._default_manager.select_for_update().exclude(master=master_keys()[0].id.decode())[:BATCH])
            for key in keys:
                key.wrap(key.unwrap())
            table._default_manager.bulk_update(keys, ["wrapped", "master"])
            rewrapped += len(keys)
    return rewrapped


class Command(BaseCommand):
    help = (
        "Rewraps every person's key under the first of ENCRYPTION_KEYS. Put the new key first, run this, and only when it "
        "says 0 left remove the old one. May be interrupted and run again."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        done = 0
        while count := rewrap_batch():
            done += count
            self.stdout.write(f"{done} keys rewrapped")
        self.stdout.write(f"0 left; every key is under {master_keys()[0].id.decode()}.")
