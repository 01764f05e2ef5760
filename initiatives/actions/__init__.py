from initiatives.actions.areas import reassign_areas
from initiatives.actions.edit import StaleEdit, confirm, edit
from initiatives.actions.moderate import decide, decisions_for
from initiatives.actions.register import DRAFTS_KEPT, discard_draft, is_complete, remove_old_drafts, save_draft, submit
from initiatives.actions.team import change_role, invite_member, remove_member, withdraw_invitation

__all__ = [
    "DRAFTS_KEPT",
    "StaleEdit",
    "change_role",
    "confirm",
    "decide",
    "decisions_for",
    "discard_draft",
    "edit",
    "invite_member",
    "is_complete",
    "reassign_areas",
    "remove_member",
    "remove_old_drafts",
    "save_draft",
    "submit",
    "withdraw_invitation",
]
