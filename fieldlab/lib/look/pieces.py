"""Things that stand in more than one picture, each in its own coordinates; place them with `Paper.placed`."""

import math

from fieldlab.lib.look.paper import BRICK, INK, LEAF, SUN, WHITE, Palette, Paper


def spool(paper: Paper, end: str, thread: str, band: str, other: str = "") -> None:
    """A spool of thread, 98 by 128."""
    paper.rectangle(0, 0, 98, 20, end).rectangle(14, 20, 70, 88, thread)
    for i in range(5):
        y = 26 + i * 17
        paper.polygon([(12, y), (86, y + 6), (86, y + 13), (12, y + 7)], (other or band) if i % 2 else band, 0.8)
    paper.rectangle(0, 108, 98, 20, end)


def steam(paper: Paper, columns: tuple[int, ...], colour: str = WHITE) -> None:
    for x in columns:
        paper.thread(f"M{x} 66C{x - 16} 52 {x + 14} 40 {x} 26S{x + 6} 6 {x} -2", colour, 9)


def pot(paper: Paper, colours: Palette) -> None:
    """A pan with a lid, standing on y = 160 between x = 58 and 248."""
    paper.rectangle(86, 80, 132, 80, colours.deep).rectangle(58, 92, 32, 14, colours.deep).rectangle(214, 92, 34, 14, colours.deep)
    paper.rectangle(78, 70, 150, 13, INK)


def fruit(paper: Paper, x: float, y: float, radius: float, colour: str, leaves: int = 1) -> None:
    paper.blob(x, y, radius, radius * 0.95, colour)
    for angle in (-0.6, -2.4)[:leaves]:
        paper.leaf(x, y - radius * 0.93, radius * 0.95, angle, LEAF)


def _spokes(x: float, y: float, radius: float, count: int, turn: float) -> str:
    """As one line: across the hub, `count` times."""
    angles = [math.radians(turn + i * 180 / count) for i in range(count)]
    ends = [(math.cos(angle) * radius, math.sin(angle) * radius) for angle in angles]
    return "".join(f"M{x - dx:.0f} {y - dy:.0f}L{x + dx:.0f} {y + dy:.0f}" for dx, dy in ends)


def wheel(paper: Paper, x: float, y: float, rim: str, hub: str, turn: float) -> None:
    """A wheel close by, 176 across, with a tyre of ink."""
    paper.ring(x, y, 88, 15, INK).ring(x, y, 72, 5, rim).thread(_spokes(x, y, 68, 6, turn), rim, 2.2).disc(x, y, 15, hub)


def bicycle(paper: Paper, colours: Palette, saddle: str = BRICK, bell: str = SUN, spokes: int = 4) -> None:
    """A bicycle on y = 180, from x = 34 to 290."""
    paper.ring(92, 122, 58, 11, colours.deep).ring(232, 122, 58, 11, colours.deep)
    for centre in (92, 232):
        paper.thread(_spokes(centre, 122, 46, spokes, 10), colours.deep, 1.6)
    paper.thread("M92 122L128 62H208L158 122H92M158 122L122 48M208 62L232 122M202 38L210 66", INK, 7)
    paper.rectangle(102, 38, 42, 11, saddle).thread("M202 38C216 30 226 34 226 44", INK, 7).blob(196, 32, 11, 10, bell)


def plant(paper: Paper, x: float, ground: float, height: float, leaves: tuple[str, str], flower: str, pairs: int = 3) -> None:
    def up(share: float) -> float:
        return ground - height * share

    paper.thread(f"M{x} {ground:.0f}C{x + 4} {up(0.4):.0f} {x - 5} {up(0.7):.0f} {x} {up(1):.0f}", INK, 4)
    for i in range(pairs):
        y, length = up(0.36 + 0.22 * i), 34 - i * 5
        paper.leaf(x, y, length, -0.6, leaves[i % 2]).leaf(x, y - 6, length, math.pi + 0.6, leaves[1 - i % 2])
    paper.disc(x, up(1) - 8, 13, flower)


def house(paper: Paper, colours: Palette, door: str = SUN) -> None:
    """A white house with a lit door, on y = 174, from x = 82 to 238."""
    paper.rectangle(92, 72, 136, 102, WHITE).polygon([(82, 76), (160, 10), (238, 76)], colours.deep, 2)
    paper.arch(140, 108, 42, 66, door).rectangle(104, 92, 24, 28, colours.middle, 1.5)
    paper.rectangle(194, 92, 24, 28, colours.middle, 1.5).disc(160, 52, 11, WHITE)


def gabled_neighbour(paper: Paper, colours: Palette) -> None:
    """A low house on y = 174, from x = 2 to 84."""
    paper.rectangle(6, 84, 74, 90, colours.middle).polygon([(2, 86), (43, 46), (84, 86)], colours.deep)
    paper.rectangle(22, 100, 16, 20, WHITE, 1).rectangle(48, 100, 16, 20, WHITE, 1)


def stepped_neighbour(paper: Paper, colours: Palette) -> None:
    """A tall house with a stepped gable on y = 174, from x = 232 to 316."""
    paper.rectangle(236, 74, 78, 100, colours.middle)
    paper.polygon([(232, 76), (232, 44), (250, 44), (250, 30), (298, 30), (298, 44), (316, 44), (316, 76)], colours.deep)
    for x, y in ((254, 92), (280, 92), (254, 124), (280, 124)):
        paper.rectangle(x, y, 16, 20, WHITE, 1)


def teapot(paper: Paper, colours: Palette, lid: str = SUN) -> None:
    """A teapot round (160, 98), with its handle 44 wide on either side."""
    paper.blob(160, 98, 22, 20, colours.deep).polygon([(180, 92), (200, 82), (202, 88), (182, 104)], colours.deep, 1)
    paper.blob(160, 96, 8, 7, lid).thread("M138 92C122 88 122 110 139 106", colours.deep, 6)


def ladder(paper: Paper) -> None:
    """A step ladder on y = 176, from x = 196 to 284."""
    paper.thread("M196 176L232 22M284 176L248 22", INK, 8)
    for i in range(5):
        paper.thread(f"M{204 + i * 7} {148 - i * 28}H{276 - i * 7}", INK, 6)


def paint_roller(paper: Paper, roll: str = SUN, grip: str = BRICK) -> None:
    """A roller from (70, 90) down to its handle at (128, 180)."""
    paper.rectangle(70, 90, 58, 26, roll).thread("M99 116V128H120V150", INK, 6).rectangle(112, 140, 16, 40, grip, 1.2)


def bucket(paper: Paper, colour: str = BRICK) -> None:
    paper.rectangle(204, 146, 40, 32, colour).thread("M208 146C214 128 236 128 240 146", INK, 3)


def balloon(paper: Paper, colour: str, lines: str, widths: tuple[int, ...] = (84, 58, 72)) -> None:
    """Somebody speaks: 162 by 134, its tail at the lower left."""
    paper.outline([(0, 52), (40, 4), (120, 0), (162, 46), (130, 96), (64, 102), (30, 134), (36, 94)], colour)
    for i, width in enumerate(widths):
        paper.rectangle(42, 28 + i * 19, width, 8, lines, 1)


def answer(paper: Paper, colour: str, lines: str, widths: tuple[int, ...] = (70, 84, 46)) -> None:
    """Somebody answers: 140 by 124, its tail at the lower right."""
    paper.outline([(140, 50), (116, 4), (48, 0), (0, 40), (18, 92), (86, 100), (126, 124), (116, 88)], colour)
    for i, width in enumerate(widths):
        paper.rectangle(30, 28 + i * 19, width, 8, lines, 1)


def shirt(paper: Paper, x: float, y: float, colour: str) -> None:
    """A shirt that hangs from (x, y) to (x + 40, y)."""
    sleeves = [(20, -6), (40, 0), (62, 22), (48, 36), (40, 28), (42, 92), (-2, 92), (0, 28), (-8, 36), (-22, 22)]
    paper.polygon([(x, y), *((x + dx, y + dy) for dx, dy in sleeves)], colour, 1.6)


def peg(paper: Paper, x: float, y: float, colour: str = BRICK) -> None:
    paper.rectangle(x - 3, y - 6, 6, 17, colour, 0.6)


def scissors(paper: Paper, colour: str) -> None:
    """Scissors from x = 0 to 133, lying."""
    paper.thread("M33 9L133 47M33 47L133 9", colour, 8).ring(17, 7, 17, 7, colour).ring(17, 49, 17, 7, colour)


# What stands on the tables of the wide covers, in the units of those.


def sewing_machine(paper: Paper, colours: Palette) -> None:
    body = [(920, 236), (920, 150), (760, 150), (760, 196), (716, 196), (716, 92), (1000, 86), (1000, 236)]
    paper.rectangle(690, 232, 320, 32, WHITE).polygon(body, WHITE)
    paper.rectangle(732, 196, 12, 30, INK, 1).rectangle(728, 108, 58, 46, colours.middle, 1.5).thread("M738 226V238")
    paper.disc(960, 160, 26, colours.deep).disc(960, 160, 10, SUN).ring(1016, 130, 30, 10, INK)
    paper.rectangle(800, 100, 70, 8, colours.deep, 0.8).rectangle(800, 116, 52, 8, colours.deep, 0.8)


def watering_can(paper: Paper, colour: str = WHITE) -> None:
    """88 by 66, its spout to the right and its handle to the left."""
    paper.rectangle(0, 0, 84, 64, colour).thread("M84 22L128-10M114-22L140 2", colour, 12).thread("M2 12C-36 12-32 58 2 52", colour, 9)


def mug(paper: Paper, colour: str) -> None:
    """40 by 34, with its ear to the right."""
    paper.rectangle(0, 0, 40, 34, colour, 1.6).thread("M40 8C58 4 58 28 40 24", INK, 5)


def toaster(paper: Paper, body: str = WHITE, knob: str = BRICK, slice_: str = SUN) -> None:
    """100 by 78, with a slice in it and its cord to the left."""
    paper.rectangle(0, 0, 100, 78, body).disc(82, 50, 9, knob)
    for x in (14, 56):
        paper.rectangle(x, -10, 30, 14, INK, 1)
    paper.polygon([(16, -34), (42, -36), (42, -8), (18, -8)], slice_, 1.4).thread("M0 64C-36 74-32 114-70 118", INK, 4)


def open_book(paper: Paper, page: str) -> None:
    """132 by 44, its back in the middle."""
    for side in (1, -1):
        paper.polygon([(66, 8), (66 + 66 * side, 0), (66 + 66 * side, 36), (66, 44)], page)
    paper.thread("M14 14L54 19M78 19L118 14M14 26L44 30", INK, 3)


def washing_machine(paper: Paper, colours: Palette, wash: str = SUN, light: str = SUN) -> None:
    """196 by 180, with something bright turning in it."""
    paper.rectangle(0, 0, 196, 180, WHITE).rectangle(0, 0, 196, 34, colours.deep).ring(98, 108, 58, 14, INK)
    paper.outline([(48, 114), (80, 98), (114, 114), (148, 102), (140, 140), (98, 156), (58, 142)], wash)
    paper.disc(28, 17, 8, light).rectangle(116, 10, 58, 13, WHITE, 1)


def wash_basket(paper: Paper, colour: str = BRICK) -> None:
    """146 by 62 with a heap of washing above it."""
    paper.polygon([(0, 4), (146, 0), (130, 62), (18, 62)], colour)
    paper.outline([(10, 4), (40, -36), (82, -16), (112, -40), (140, 2)], WHITE).thread("M16 22H132M20 40H128", INK, 3)


def guitar(paper: Paper, body: str = SUN) -> None:
    paper.blob(0, 0, 44, 38, body).blob(0, 0, 14, 13, INK).thread("M34-22L112-86", INK, 9)


def drum(paper: Paper, colour: str = BRICK) -> None:
    """62 by 56, with two sticks on it."""
    paper.rectangle(0, 0, 62, 56, colour).blob(31, 0, 32, 10, WHITE).thread("M-10-44L32-2M74-48L36-4", INK, 5)


def note(paper: Paper, colour: str) -> None:
    paper.blob(0, 0, 17, 13, colour).thread("M15 0V-40", colour, 5)
