from initiatives.actions.areas import reassign_areas
from initiatives.actions.confirming import ask_to_confirm, has_owner, stop
from initiatives.actions.differences import differences
from initiatives.actions.edit import StaleEdit, confirm, discard_typed, edit, keep_typed, keepable, remove_old_typed, say_room
from initiatives.actions.history import restore, restoring, timeline, version_at, versions
from initiatives.actions.messages import send_message
from initiatives.actions.moderate import decide, decisions_for, last_seen
from initiatives.actions.photos import add_photo, bring_back_photo, describe_photo, photo_file, remove_photo, sweep_photos
from initiatives.actions.register import DRAFTS_KEPT, discard_draft, is_complete, remove_old_drafts, save_draft, submit
from initiatives.actions.team import change_role, hand_over, invite_member, remove_member, withdraw_invitation
from initiatives.actions.two_editors import MINE, THEIRS, Choice, as_it_was, choices, without

__all__ = [
    "DRAFTS_KEPT",
    "MINE",
    "THEIRS",
    "Choice",
    "StaleEdit",
    "add_photo",
    "as_it_was",
    "ask_to_confirm",
    "bring_back_photo",
    "change_role",
    "choices",
    "confirm",
    "decide",
    "decisions_for",
    "describe_photo",
    "differences",
    "discard_draft",
    "discard_typed",
    "edit",
    "hand_over",
    "has_owner",
    "invite_member",
    "is_complete",
    "keep_typed",
    "keepable",
    "last_seen",
    "photo_file",
    "reassign_areas",
    "remove_member",
    "remove_old_drafts",
    "remove_old_typed",
    "remove_photo",
    "restore",
    "restoring",
    "save_draft",
    "say_room",
    "send_message",
    "stop",
    "submit",
    "sweep_photos",
    "timeline",
    "version_at",
    "versions",
    "withdraw_invitation",
    "without",
]
