from initiatives.models.choices import Access, Accessibility, Activity, Audience, Kind, Language, Offer, Phase, Room, Status, Theme, Topic
from initiatives.models.contacts import AreaContact, ContactInvitation
from initiatives.models.edit_drafts import EditDraft
from initiatives.models.initiative import CHANGED, NOT_IN_HISTORY, Initiative
from initiatives.models.moderation import ModerationDecision, ModerationMessage
from initiatives.models.people import BoundarySpanner, InitiativeMember, MemberInvitation
from initiatives.models.photos import Photo
from initiatives.models.search import MapChange, MapDocument, Plain, SearchEntry
from initiatives.models.twins import Introduction, JoinRequest, TwinAnswer

__all__ = [
    "CHANGED",
    "NOT_IN_HISTORY",
    "Access",
    "Accessibility",
    "Activity",
    "AreaContact",
    "Audience",
    "BoundarySpanner",
    "ContactInvitation",
    "EditDraft",
    "Initiative",
    "InitiativeMember",
    "Introduction",
    "JoinRequest",
    "Kind",
    "Language",
    "MapChange",
    "MapDocument",
    "MemberInvitation",
    "ModerationDecision",
    "ModerationMessage",
    "Offer",
    "Phase",
    "Photo",
    "Plain",
    "Room",
    "SearchEntry",
    "Status",
    "Theme",
    "Topic",
    "TwinAnswer",
]
