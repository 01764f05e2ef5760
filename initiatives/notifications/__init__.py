"""Who hears what: every mail of this app, each in its reader's language. A module a flow."""

from initiatives.notifications.moderation import CHANGE_LINK, CHANGE_LINK_LASTS, change_link, tell_decision, tell_moderators
from initiatives.notifications.readers import moderators_of
from initiatives.notifications.registration import tell_received

__all__ = ["CHANGE_LINK", "CHANGE_LINK_LASTS", "change_link", "moderators_of", "tell_decision", "tell_moderators", "tell_received"]
