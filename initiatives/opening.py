"""Opening hours of a week with exceptions, in wall-clock time. Plain data in and out."""

from dataclasses import dataclass
from typing import Any, Self


@dataclass(frozen=True)
class OpeningHours:
    week: tuple[tuple[int, int, int], ...] = ()

    @classmethod
    def from_json(cls, data: Any) -> Self:
        return cls(tuple((day, opens, closes) for day, opens, closes in (data or {}).get("week", [])))
