"""Scissors and paper. Every shape is one flat piece, cut slightly off true; straight cuts miss by at most 2.2 units of 320."""

import math
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import chain
from random import Random
from typing import NamedTuple, TypeVar

INK = "#16242b"
WHITE = "#fffdf8"
SUN = "#f2b134"
BRICK = "#dd7a55"
RUST = "#8a2f1b"
LEAF = "#85a95e"
TEAL = "#0a565d"

Dot = tuple[float, float]
T = TypeVar("T")


class Palette(NamedTuple):
    """The three papers of a kind: a light field, a middle tone and a deep one."""

    field: str
    middle: str
    deep: str


class Papers(NamedTuple):
    """What one cover is cut from: its ground, the large pieces on that, the dark ones, white, and three bright papers."""

    ground: str
    far: str
    near: str
    white: str
    one: str
    two: str
    three: str


PALETTES = {
    "residents_group": Palette("#fbe6b4", "#f2b134", "#7a4a00"),
    "social_enterprise": Palette("#cfe3df", "#4a9a95", "#0a565d"),
    "community_centre": Palette("#f6d9cb", "#dd7a55", "#8a2f1b"),
    "self_managed": Palette("#dce8cd", "#85a95e", "#34591f"),
    "cooperative": Palette("#d3dfee", "#6a8fbf", "#27487a"),
    "informal_group": Palette("#eddbe6", "#bd82a6", "#6b2f55"),
}


def _tenths(point: Dot) -> tuple[int, int]:
    return round(point[0] * 10), round(point[1] * 10)


def _number(tenths: int) -> str:
    whole = f"{tenths / 10:g}"
    return whole.replace("0.", ".", 1) if abs(tenths) < 10 and tenths else whole


def _draw(command: str, start: Dot, points: Iterable[Dot], step: int = 1) -> str:
    """One relative path command for all points; of a curve every third point is where the next span starts (step 3)."""
    at, numbers = _tenths(start), []
    for i, point in enumerate(points, 1):
        x, y = _tenths(point)
        numbers += [_number(x - at[0]), _number(y - at[1])]
        if i % step == 0:
            at = x, y
    return command + "".join(n if i == 0 or n.startswith("-") else f" {n}" for i, n in enumerate(numbers))


def _from(start: Dot) -> str:
    x, y = _tenths(start)
    return f"M{_number(x)} {_number(y)}"


def _bend(before: Dot, start: Dot, end: Dot, after: Dot) -> tuple[Dot, Dot, Dot]:
    """One Catmull-Rom span as the three points of a Bézier curve."""
    first = (start[0] + (end[0] - before[0]) / 6, start[1] + (end[1] - before[1]) / 6)
    second = (end[0] - (after[0] - start[0]) / 6, end[1] - (after[1] - start[1]) / 6)
    return first, second, end


def _round(points: Sequence[Dot]) -> str:
    """A smooth closed line through the points."""
    n = len(points)
    spans = chain.from_iterable(_bend(points[i - 1], points[i], points[(i + 1) % n], points[(i + 2) % n]) for i in range(n))
    return f"{_from(points[0])}{_draw('c', points[0], spans, 3)}z"


def _bow(points: Sequence[Dot]) -> str:
    """A smooth open line through the points."""
    last = len(points) - 1
    spans = chain.from_iterable(_bend(points[max(i - 1, 0)], points[i], points[i + 1], points[min(i + 2, last)]) for i in range(last))
    return f"{_from(points[0])}{_draw('c', points[0], spans, 3)}"


class Paper:
    """A sheet to glue pieces on. Every method that draws returns the sheet, so that pieces can be chained."""

    def __init__(self, seed: str, ink: str = INK) -> None:
        self.ink = ink
        self._random = Random(seed)  # noqa: S311
        self._pieces: list[str] = []

    @property
    def pieces(self) -> str:
        return "".join(self._pieces)

    def pick(self, *options: T) -> T:
        """One of these, by the seed."""
        return self._random.choice(options)

    def some(self, options: Sequence[T], count: int = 0) -> list[T]:
        """`count` of these in an order by the seed, each once; all if no count is given."""
        return self._random.sample(options, count or len(options))

    def between(self, least: float, most: float) -> float:
        return round(self._random.uniform(least, most), 1)

    @contextmanager
    def placed(self, x: float, y: float, scale: float = 1.0) -> Iterator[None]:
        """Whatever is drawn inside is moved to (x, y) and scaled."""
        self._pieces.append(f'<g transform="translate({x:g} {y:g})scale({scale:g})">')
        yield
        self._pieces.append("</g>")

    @contextmanager
    def turned_round(self, width: float) -> Iterator[None]:
        """Whatever is drawn inside stands the other way round on a sheet of this width."""
        self._pieces.append(f'<g transform="matrix(-1 0 0 1 {width:g} 0)">')
        yield
        self._pieces.append("</g>")

    def _off(self, most: float) -> float:
        return self._random.uniform(-most, most)

    def _path(self, d: str, fill: str) -> "Paper":
        self._pieces.append(f'<path d="{d}" fill="{fill}"/>')
        return self

    def ground(self, width: float, height: float, fill: str) -> "Paper":
        self._pieces.append(f'<path d="M-20-20h{width + 40:g}v{height + 40:g}H-20z" fill="{fill}"/>')
        return self

    def polygon(self, corners: Sequence[Dot], fill: str, slack: float = 2.2) -> "Paper":
        cut = [(x + self._off(slack), y + self._off(slack)) for x, y in corners]
        return self._path(f"{_from(cut[0])}{_draw('l', cut[0], cut[1:])}z", fill)

    def rectangle(self, x: float, y: float, width: float, height: float, fill: str, slack: float = 2.2) -> "Paper":
        return self.polygon([(x, y), (x + width, y), (x + width, y + height), (x, y + height)], fill, slack)

    def outline(self, points: Sequence[Dot], fill: str) -> "Paper":
        """A round closed shape through the points."""
        return self._path(_round(points), fill)

    def _around(self, cx: float, cy: float, rx: float, ry: float, slack: float, points: int) -> list[Dot]:
        start = self._random.uniform(0, 6)
        dots = []
        for i in range(points):
            angle, reach = start + i * math.tau / points, 1 + self._off(slack)
            dots.append((cx + math.cos(angle) * rx * reach, cy + math.sin(angle) * ry * reach))
        return dots

    def blob(self, cx: float, cy: float, rx: float, ry: float, fill: str, slack: float = 0.035, points: int = 0) -> "Paper":
        """An ellipse by hand; slack is a share of the radius. A small one is cut with fewer turns of the scissors."""
        return self.outline(self._around(cx, cy, rx, ry, slack, points or (9 if max(rx, ry) > 16 else 7)), fill)

    def disc(self, cx: float, cy: float, radius: float, fill: str) -> "Paper":
        return self.blob(cx, cy, radius, radius, fill)

    def ring(self, cx: float, cy: float, radius: float, width: float, fill: str) -> "Paper":
        """A disc with a hole through which one sees what lies below."""
        rims = (_round(self._around(cx, cy, r, r, 0.015, 10)) for r in (radius, radius - width))
        self._pieces.append(f'<path d="{"".join(rims)}" fill="{fill}" fill-rule="evenodd"/>')
        return self

    def _vault(self, cx: float, cy: float, radius: float) -> list[Dot]:
        """From right to left over the top."""
        dots = []
        for i in range(9):
            angle = math.pi * i / 8
            dots.append((cx + radius * math.cos(angle) * (1 + self._off(0.02)), cy - radius * math.sin(angle) * (1 + self._off(0.02))))
        return dots

    def half(self, cx: float, cy: float, radius: float, fill: str) -> "Paper":
        """The upper half of a disc, flat side down."""
        return self._path(f"{_bow(self._vault(cx, cy, radius))}z", fill)

    def arch(self, x: float, y: float, width: float, height: float, fill: str) -> "Paper":
        """A door: half a disc on straight sides."""
        radius = width / 2
        vault = self._vault(x + radius, y + radius, radius)
        feet = [(x + self._off(1), y + height + self._off(1)), (x + width + self._off(1), y + height + self._off(1))]
        return self._path(f"{_bow(vault)}{_draw('l', vault[-1], feet)}z", fill)

    def thread(self, d: str, colour: str = "", width: float = 3) -> "Paper":
        """A line of one width along an SVG path; ink if no colour is given."""
        stroke = f'stroke="{colour or self.ink}" stroke-width="{width:g}" stroke-linecap="round" stroke-linejoin="round"'
        self._pieces.append(f'<path d="{d}" fill="none" {stroke}/>')
        return self

    def leaf(self, x: float, y: float, length: float, angle: float, fill: str) -> "Paper":
        cos, sin = math.cos(angle), math.sin(angle)
        width, tip = length * 0.36, length + self._off(2)
        edge = [
            (length * 0.15, -width),
            (length * 0.7, -width),
            (tip, 0.0),
            (length * 0.75, width * 0.9),
            (length * 0.2, width),
            (0.0, 0.0),
        ]
        curve = [(x + u * cos - v * sin, y + u * sin + v * cos) for u, v in edge]
        return self._path(f"{_from((x, y))}{_draw('c', (x, y), curve, 3)}z", fill)

    def person(self, x: float, y: float, body: str, height: float = 46) -> "Paper":
        """Somebody seen from behind or afar: no faces. (x, y) is the middle of the lower edge."""
        self.arch(x - height * 0.27, y - height * 0.62, height * 0.54, height * 0.62, body)
        return self.blob(x, y - height * 0.82, height * 0.2, height * 0.2, self.ink, 0.03)
