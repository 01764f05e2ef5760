"""Finding what is published: by words, facts and area, near a place, with counts per filter.

`asked` reads the question from an address and writes it back; `matching` makes it one condition on the search table, which
triggers keep; `words` knows Dutch and typing errors; `distances` sorts in metres; `facets` counts; `finding` puts a page together.
"""

from initiatives.search.areas import areas
from initiatives.search.asked import GROUPS, LONGEST_QUERY, Asked, Box, Group, address_of, querystring, read_question
from initiatives.search.distances import Distance, distance
from initiatives.search.finding import Found, Hit, contacts_for, find, one, other_contacts
from initiatives.search.kept import Kept, Moment, moment
from initiatives.search.matching import comes_to, matching
from initiatives.search.panel import Panel, panel
from initiatives.search.places import look_up, needs_looking_up

__all__ = [
    "GROUPS",
    "LONGEST_QUERY",
    "Asked",
    "Box",
    "Distance",
    "Found",
    "Group",
    "Hit",
    "Kept",
    "Moment",
    "Panel",
    "address_of",
    "areas",
    "comes_to",
    "contacts_for",
    "distance",
    "find",
    "look_up",
    "matching",
    "moment",
    "needs_looking_up",
    "one",
    "other_contacts",
    "panel",
    "querystring",
    "read_question",
]
