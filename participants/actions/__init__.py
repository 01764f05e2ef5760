from participants.actions.people import (
    add_participant,
    change_details,
    end_access,
    erase_participant,
    give_account,
    grant_access,
    hand_over,
    open_participant,
)

__all__ = [
    "add_participant",
    "change_details",
    "end_access",
    "erase_participant",
    "give_account",
    "grant_access",
    "hand_over",
    "open_participant",
]
