"""A sheet of ours read back from its PDF: which words stand where, and which modules of its code are dark.

It reads what typst writes, no PDF at large: numbered objects, packed streams, and fonts that tell which letters their signs are.
"""

import re
import zlib
from functools import cached_property
from typing import NamedTuple

OBJECT = re.compile(rb"(\d+) 0 obj\n(.*?)\nendobj", re.DOTALL)
LETTERS = re.compile(rb"^<([0-9A-F]{4})> <([0-9A-F]+)>$", re.MULTILINE)
# Where a line begins, from the left and from the foot of the page; its font; and what is between brackets up to its end
TEXT = re.compile(rb"1 0 0 -1 (\S+) (\S+) cm[^\n]*\nBT [^\n]*?/(f\d+) [^\n]*? Tm(.*?)\nET\n", re.DOTALL)
# A piece of a line: a string in figures, an escaped byte (a number or a sign), or a byte; brackets in pairs need no backslash
PIECE = re.compile(rb"(<[0-9A-F]+>)|\\([0-7]{1,3})|\\(.)|(.)", re.DOTALL)
CONTROL = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f"}
# What has words in place of a picture: here only the code
PICTURE = re.compile(rb"/Alt\((?:\\.|[^\\)])*\)>>BDC(.*?)EMC", re.DOTALL)
STROKE = re.compile(rb"(\d+) (\d+)\.5 m (\d+) \2\.5 l")
QUIET_EDGE = 4


class Line(NamedTuple):
    text: str
    left: float
    height: float


class Paper:
    def __init__(self, pdf: bytes) -> None:
        self.objects = {int(number): _parts(body) for number, body in OBJECT.findall(pdf)}
        self.pages = [head for head, _stream in self.objects.values() if b"/Type/Page/" in head]

    @property
    def sizes(self) -> list[tuple[int, int]]:
        boxes = (re.search(rb"/MediaBox\[0 0 (\S+) (\S+?)\]", page) for page in self.pages)
        return [(round(float(box[1])), round(float(box[2]))) for box in boxes]

    @cached_property
    def lines(self) -> list[Line]:
        """In the order in which they are read out."""
        return [line for page in self.pages for line in self._lines_of(page)]

    @property
    def text(self) -> str:
        return " ".join(" ".join(line.text for line in self.lines).split())

    @property
    def code(self) -> set[tuple[int, int]]:
        """(row, column) of each dark module of the code."""
        drawings = (PICTURE.search(self._of(page, b"Contents")[1]) for page in self.pages)
        strokes = [STROKE.findall(drawing[1]) for drawing in drawings if drawing]
        return {
            (int(row) - QUIET_EDGE, column - QUIET_EDGE)
            for first, row, end in (stroke for drawn in strokes for stroke in drawn)
            for column in range(int(first), int(end))
        }

    def _of(self, head: bytes, name: bytes) -> tuple[bytes, bytes]:
        return self.objects[int(re.search(rb"/" + name + rb" (\d+) 0 R", head)[1])]

    def _lines_of(self, page: bytes) -> list[Line]:
        resources, contents = self._of(page, b"Resources")[0], self._of(page, b"Contents")[1]
        letters = {name: _letters(self._of(self._of(resources, name)[0], b"ToUnicode")[1]) for name in re.findall(rb"/(f\d+) ", resources)}
        return [
            Line("".join(letters[font][sign] for sign in _signs(drawn)), float(left), float(height))
            for left, height, font, drawn in TEXT.findall(contents)
        ]


def _parts(body: bytes) -> tuple[bytes, bytes]:
    """What an object says of itself, and its stream unpacked."""
    head, _, stream = body.partition(b"\nstream\n")
    stream = stream.rpartition(b"\nendstream")[0]
    return head, zlib.decompress(stream) if stream and b"/FlateDecode" in head else stream


def _letters(table: bytes) -> dict[bytes, str]:
    return {bytes.fromhex(sign.decode()): bytes.fromhex(letters.decode()).decode("utf-16-be") for sign, letters in LETTERS.findall(table)}


def _signs(drawn: bytes) -> list[bytes]:
    """Each is two bytes, in strings between brackets or in figures, with steps between them."""
    plain, depth = b"", 0
    for figures, number, escaped, byte in PIECE.findall(drawn):
        depth -= byte == b")"
        if depth > 0:
            plain += bytes([int(number, 8)]) if number else CONTROL.get(escaped, escaped) or figures or byte
        elif figures:
            plain += bytes.fromhex(figures[1:-1].decode())
        depth += byte == b"("
    return [plain[at : at + 2] for at in range(0, len(plain), 2)]
