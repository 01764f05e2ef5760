"""A sheet of ours as a printer and a telephone read it: its size, which words stand where, and what its code says."""

from functools import cached_property
from typing import NamedTuple

import pypdfium2
import zxingcpp


class Line(NamedTuple):
    """`left` and `height` (from the foot of the page) in points."""

    text: str
    left: float
    height: float


class Paper:
    def __init__(self, pdf: bytes) -> None:
        self.pages = [*pypdfium2.PdfDocument(pdf)]

    @property
    def sizes(self) -> list[tuple[int, int]]:
        return [tuple(map(round, page.get_size())) for page in self.pages]

    @cached_property
    def lines(self) -> list[Line]:
        """In the order in which they are read out."""
        found = []
        for page in self.pages:
            words = page.get_textpage()
            for number in range(words.count_rects()):
                left, bottom, right, top = words.get_rect(number)
                found.append(Line(words.get_text_bounded(left, bottom, right, top).strip(), left, bottom))
        return found

    @property
    def text(self) -> str:
        return " ".join(" ".join(page.get_textpage().get_text_range() for page in self.pages).split())

    @property
    def codes(self) -> list[str]:
        """What a telephone reads in its codes."""
        return [code.text for page in self.pages for code in zxingcpp.read_barcodes(page.render(scale=3).to_pil())]
