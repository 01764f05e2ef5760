"""Languages in which only the pages for participants are there, as a help: settings.HELP_LANGUAGES."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

from django.conf import settings
from django.utils.translation import get_language, override

View = TypeVar("View", bound=Callable[..., Any])


def also_as_help(view: View) -> View:
    """Mark a view whose pages are there in the help languages too; all others stay Dutch or English as a whole."""
    view.also_as_help = True  # type: ignore[attr-defined]
    return view


def is_also_as_help(view: Any) -> bool:
    return bool(getattr(view, "also_as_help", False))


@contextmanager
def on_paper() -> Iterator[None]:
    """Paper is shown to others, and in a script for which there may be no font: instead of in a help language it is in Dutch."""
    spoken = get_language()
    with override(settings.LANGUAGE_CODE if spoken in dict(settings.HELP_LANGUAGES) else spoken):
        yield


def direction(code: str) -> str:
    """Of the script of a language, for `dir`."""
    return "rtl" if code in settings.LANGUAGES_BIDI else "ltr"


def own_name(code: str) -> str:
    """What its speakers call a language; the code of one that the platform does not speak."""
    return dict([*settings.LANGUAGES, *settings.HELP_LANGUAGES]).get(code, code)
