"""Who hears what: every mail of this app, each in its reader's language. A module a flow."""

from initiatives.notifications.confirming import ASK_LINK, CHANGED, RIGHT, STOPPED, ask_still_right, ask_token, asked_about, still_reads
from initiatives.notifications.moderation import (
    CHANGE_LINK,
    CHANGE_LINK_LASTS,
    change_link,
    tell_decision,
    tell_message,
    tell_moderators,
    tell_stopped,
)
from initiatives.notifications.readers import moderators_of
from initiatives.notifications.registration import tell_received
from initiatives.notifications.team import tell_new_owner

__all__ = [
    "ASK_LINK",
    "CHANGED",
    "CHANGE_LINK",
    "CHANGE_LINK_LASTS",
    "RIGHT",
    "STOPPED",
    "ask_still_right",
    "ask_token",
    "asked_about",
    "change_link",
    "moderators_of",
    "still_reads",
    "tell_decision",
    "tell_message",
    "tell_moderators",
    "tell_new_owner",
    "tell_received",
    "tell_stopped",
]
