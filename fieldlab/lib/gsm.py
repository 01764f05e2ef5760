"""What a text message costs: how long a text is on the air, and how to say the same in letters that every phone has (GSM 03.38).

A message of at most 160 of these letters goes at once; one letter that is not among them, such as ë or an Arabic one, leaves 70.
"""

import unicodedata
from itertools import chain, combinations

ONE_MESSAGE, ONE_MESSAGE_OTHERWISE = 160, 70
_LETTERS = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_TWO_PLACES = frozenset("^{}\\[~]|€")
_SAME = str.maketrans(
    {"‘": "'", "’": "'", "“": '"', "”": '"', "–": "-", "—": "-", "…": "...", "\N{NO-BREAK SPACE}": " ", "ı": "i", "ł": "l", "Ł": "L"}
)


def plain(text: str) -> str:
    """With the letters of every phone where it stays readable: Zoë becomes Zoe; what has no such letter stays as it is."""
    return "".join(_plain(letter) for letter in unicodedata.normalize("NFC", text).translate(_SAME))


def _plain(letter: str) -> str:
    if letter in _LETTERS or letter in _TWO_PLACES:
        return letter
    base = "".join(part for part in unicodedata.normalize("NFKD", letter) if not unicodedata.combining(part))
    return base if base and all(part in _LETTERS for part in base) else letter


def fits(text: str) -> bool:
    """Whether it goes as one message."""
    if all(letter in _LETTERS or letter in _TWO_PLACES for letter in text):
        return sum(2 if letter in _TWO_PLACES else 1 for letter in text) <= ONE_MESSAGE
    return len(text.encode("utf-16-le")) // 2 <= ONE_MESSAGE_OTHERWISE


def fitted(parts: list[list[str]]) -> str:
    """One message of these parts, each in several ways, the best first: as few as possible are said in a shorter way.

    When nothing fits, the shortest of each: then it goes as two.
    """
    parts = [[plain(way) for way in ways] for ways in parts]
    shorter = [(place, step) for place, ways in enumerate(parts) for step in range(1, len(ways))]
    for chosen in chain.from_iterable(combinations(shorter, many) for many in range(len(parts) + 1)):
        steps = dict(chosen)
        text = _joined([ways[steps.get(place, 0)] for place, ways in enumerate(parts)])
        if len(steps) == len(chosen) and fits(text):
            return text
    return _joined([ways[-1] for ways in parts])


def _joined(parts: list[str]) -> str:
    return " ".join(filter(None, (" ".join(part.split()) for part in parts)))
