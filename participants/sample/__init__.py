"""An invented caseload: participants of professional@, and what they are in the middle of. A module a flow; loading again adds nothing."""

from datetime import datetime

from participants.sample import booking, day, door, own, people, plan, talk

# Each stands on what the ones before it made.
FLOWS = [people, door, booking, own, talk, plan, day]


def load(at: datetime) -> None:
    for flow in FLOWS:
        flow.load(at)
