"""A round of work in which one that fails holds up no other."""

import logging
from collections.abc import Callable, Iterable
from typing import TypeVar

logger = logging.getLogger(__name__)
T = TypeVar("T")


def each_alone(found: Iterable[T], do: Callable[[T], int]) -> int:
    """The sum of what `do` gives for each; what goes wrong with one is logged, by its kind only. Each opens its own transaction."""
    done = 0
    for each in found:
        try:
            done += do(each)
        except Exception as error:  # noqa: BLE001
            logger.error("%s: %s", getattr(do, "__name__", "round"), type(error).__name__)
    return done
