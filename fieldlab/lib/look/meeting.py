"""Scenes of people together, each on 320 by 200: meeting, making plans, language, music."""

import math

from fieldlab.lib.look import pieces
from fieldlab.lib.look.paper import INK, SUN, TEAL, Palette, Paper, Papers


def _palette(cut: Papers) -> Palette:
    """For pieces that are cut from the papers of a kind."""
    return Palette(cut.ground, cut.far, cut.near)


def _coats(paper: Paper, cut: Papers) -> list[str]:
    return paper.some((cut.one, cut.two, cut.three, cut.near))


# Meeting and coffee


def house(paper: Paper, cut: Papers) -> None:
    paper.disc(paper.pick(40, 280), 40, paper.between(22, 32), SUN if SUN not in (cut.ground, cut.far) else cut.white)
    paper.rectangle(-4, 170, 330, 40, INK, 2)
    pieces.gabled_neighbour(paper, _palette(cut))
    pieces.stepped_neighbour(paper, _palette(cut))
    pieces.house(paper, _palette(cut), cut.one)
    for x, coat, height in zip((160, 116, 206), _coats(paper, cut), (40, 34, 36), strict=False):
        if x == 160 or paper.pick(True, False):
            paper.person(x, 174, coat, height)


def canal(paper: Paper, cut: Papers) -> None:
    """A row of narrow houses at the water."""
    walls = paper.some((cut.one, cut.two, cut.white, cut.far, cut.three))
    x = -14.0
    for wall in walls:
        wide, top = 68, paper.between(40, 76)
        if paper.pick(True, False):
            paper.polygon([(x, 164), (x, top), (x + wide / 2, top - 34), (x + wide, top), (x + wide, 164)], wall)
        else:
            steps = [(x, top), (x + 13, top), (x + 13, top - 16), (x + wide - 13, top - 16), (x + wide - 13, top), (x + wide, top)]
            paper.polygon([(x, 164), *steps, (x + wide, 164)], wall)
        panes = cut.near if wall != cut.near else cut.white
        for row in range(2):
            for column in range(2):
                paper.rectangle(x + 13 + column * 26, top + 12 + row * 34, 16, 20, panes, 1)
        x += wide + 1
    paper.rectangle(-6, 160, 332, 10, INK, 1.5).rectangle(-6, 168, 332, 40, cut.near, 2)
    for y in (180, 191):
        paper.thread(f"M{paper.between(10, 60)} {y}h60M{paper.between(150, 200)} {y}h74", cut.white, 3)


def cups(paper: Paper, cut: Papers) -> None:
    paper.rectangle(-4, 138, 330, 70, cut.far, 2)
    pieces.steam(paper, (104, 214), cut.white)
    for x, colour in zip((58, 168), paper.some((cut.one, cut.two, cut.near)), strict=False):
        paper.blob(x + 46, 156, 66, 13, cut.white).polygon([(x, 76), (x + 92, 76), (x + 78, 156), (x + 14, 156)], colour)
        paper.thread(f"M{x + 92} 92C{x + 122} 84 {x + 118} 130 {x + 84} 128", INK, 8).blob(x + 46, 77, 44, 8, INK)
    for x in (20, 40, 296)[: paper.pick(1, 2, 3)]:
        paper.blob(x, 168, 17, 14, cut.three)


def doorway(paper: Paper, cut: Papers) -> None:
    """Come in: a door that stands open."""
    paper.rectangle(24, 24, 272, 150, cut.far, 2.2)
    paper.polygon([(10, 30), (310, 30), (290, -8), (30, -8)], cut.near)
    paper.arch(122, 48, 78, 126, cut.one).arch(134, 62, 54, 112, cut.white)
    for x in (46, 226):
        paper.rectangle(x, 66, 52, 52, cut.white, 1.5).rectangle(x + 23, 64, 6, 56, cut.near, 0.8)
        paper.rectangle(x - 6, 118, 64, 14, cut.two, 1.5)
    paper.rectangle(-6, 172, 332, 40, INK, 2)
    places = paper.pick((160,), (148, 178), (160, 92), (160, 232))
    for x, coat in zip(places, _coats(paper, cut), strict=False):
        paper.person(x, 176, coat, paper.between(56, 70))


# Talking and making plans


def round_table(paper: Paper, cut: Papers) -> None:
    """From above."""
    count, start = paper.pick(6, 7, 8, 9), paper.between(0, 0.7)
    guests = [cut.near, cut.one, cut.two, cut.far, cut.three]
    angles = [i * math.tau / count + start for i in range(count)]
    for i, angle in enumerate(angles):
        # Of six, the last sits beside the first: not in the same coat
        coat = cut.one if i == 5 == count - 1 else guests[i % 5]
        paper.blob(160 + math.cos(angle) * 118, 102 + math.sin(angle) * 78, 21, 19, coat, points=7)
    paper.blob(160, 102, 92, 58, cut.white, 0.02, 12)
    for angle in angles:
        paper.blob(160 + math.cos(angle) * 68, 102 + math.sin(angle) * 40, 8, 7, cut.far, 0.05, 5)
    if paper.pick(True, False):
        pieces.teapot(paper, _palette(cut), cut.one)
    else:
        paper.rectangle(132, 82, 56, 38, cut.two, 3).thread("M140 94L176 90M142 106L166 103", INK, 3)


def at_the_table(paper: Paper, cut: Papers) -> None:
    """From the side."""
    pennants = paper.pick(5, 6, 7)
    paper.thread("M-6 14C90 44 230 44 326 10", INK, 3)
    for i in range(pennants):
        x = 18 + i * 270 / (pennants - 1)
        y = 18 + 18 * math.sin(math.pi * (x + 6) / 332)
        paper.polygon([(x - 15, y), (x + 15, y), (x, y + 30)], (cut.one, cut.white, cut.two, cut.three)[i % 4], 1.6)
    people = paper.pick(3, 4, 5)
    coats = [*_coats(paper, cut), cut.far]
    for i in range(people):
        paper.person(46 + i * 228 / (people - 1), 146, coats[i], paper.between(76, 96))
    paper.rectangle(-6, 138, 332, 26, cut.white).rectangle(-6, 160, 332, 50, cut.near)
    for x in (86, 160, 236):
        with paper.placed(x - 18, 120, 0.7):
            pieces.mug(paper, paper.pick(cut.one, cut.two))


def notes_on_a_wall(paper: Paper, cut: Papers) -> None:
    """A plan that grows: notes on a sheet, and people before it."""
    paper.rectangle(34, 14, 252, 124, cut.white, 3)
    notes = [cut.one, cut.two, cut.three, cut.far]
    for i in paper.some(range(8), paper.pick(5, 6, 7)):
        x, y = 52 + i % 4 * 58, 28 + i // 4 * 52
        paper.rectangle(x, y, 42, 36, notes[(i + i // 4) % 4], 3)
        paper.thread(
            f"M{x + 8} {y + 13}h24M{x + 8} {y + 23}h{paper.pick(12, 18)}", cut.white if notes[(i + i // 4) % 4] == TEAL else INK, 2.6
        )
    paper.rectangle(-6, 180, 332, 30, cut.far, 2)
    for x, coat in zip(paper.pick((70, 250), (90, 160, 240), (160, 226)), _coats(paper, cut), strict=False):
        paper.person(x, 186, coat, paper.between(84, 100))


# Language and learning


def talk(paper: Paper, cut: Papers) -> None:
    first, second = paper.some((cut.near, cut.one, cut.two), 2)
    lines = {cut.near: cut.white, TEAL: cut.white}
    with paper.placed(16, 10, 1.0):
        pieces.balloon(paper, first, lines.get(first, INK), paper.pick((84, 58, 72), (58, 84, 40), (84, 84, 30)))
    with paper.placed(164, paper.between(54, 68)):
        pieces.answer(paper, second, lines.get(second, INK), paper.pick((70, 84, 46), (84, 50, 60)))
    if paper.pick(True, False):
        paper.person(36, 206, cut.three, 62)
        paper.person(290, 206, cut.far, 62)


def book(paper: Paper, cut: Papers) -> None:
    for side in (1, -1):
        far, near = 160 + 118 * side, 160
        paper.polygon([(near, 66), (far, 46), (far, 160), (near, 178)], cut.near).polygon(
            [(near, 60), (far - 8 * side, 38), (far - 8 * side, 148), (near, 168)], cut.white
        )
    for y in (66, 88, 110):
        paper.thread(f"M64 {y - 4}L146 {y + 9}", INK, 3.4)
        if y < 110 or paper.pick(True, False):
            paper.thread(f"M176 {y + 9}L{paper.pick(256, 230)} {y - 3}", INK, 3.4)
    paper.polygon([(196, 132), (214, 129), (214, 190), (205, 178), (196, 190)], cut.one, 1)
    for x, colour in zip((104, 160, 216), paper.some((cut.one, cut.two, cut.three)), strict=True):
        paper.blob(x + paper.between(-16, 16), paper.between(10, 36), 14, 12, colour)


def letters(paper: Paper, cut: Papers) -> None:
    """Cards with the first letters on them."""
    cards = paper.some((cut.one, cut.two, cut.white, cut.far), 3)
    strokes = ("M22 88L44 24L66 88M31 66H57", "M26 24V88M26 26C76 18 74 56 28 54C84 54 78 92 26 86", "M70 34C44 8 14 40 22 66S60 98 72 76")
    for i, (card, stroke) in enumerate(zip(cards, strokes, strict=True)):
        with paper.placed(16 + i * 100, paper.between(24, 58)):
            paper.rectangle(0, 0, 90, 110, card, 5).thread(stroke, cut.white if card == TEAL else cut.near, 11)
    paper.rectangle(-6, 182, 332, 30, cut.near, 2)


# Music and theatre


def stage(paper: Paper, cut: Papers) -> None:
    for radius, ring in zip((120, 84, 48), paper.some((cut.far, cut.white, cut.near)), strict=True):
        paper.half(160, 170, radius, ring)
    paper.rectangle(-4, 168, 330, 40, INK, 2)
    coats = _coats(paper, cut)
    for i, x in enumerate(paper.pick((48, 272, 96, 224), (40, 88, 160), (124, 196, 48, 272), (160, 240, 280))):
        paper.person(x, 174, coats[i], 54 - i % 2 * 6)


def instruments(paper: Paper, cut: Papers) -> None:
    paper.rectangle(-4, 160, 330, 50, cut.far, 2)
    with paper.placed(paper.between(92, 108), 122, 1.2):
        pieces.guitar(paper, cut.one)
    with paper.placed(214, 106, 1.1):
        pieces.drum(paper, cut.two)
    for x, y in ((46, 50), (256, 40), (292, 66), (28, 96))[: paper.pick(2, 3, 4)]:
        with paper.placed(x, y, 0.8):
            pieces.note(paper, cut.three if x % 4 else cut.near)


def keys(paper: Paper, cut: Papers) -> None:
    lean = paper.between(-7, 7)
    paper.polygon([(14, 96), (306, 96 + lean), (306, 206), (14, 206)], cut.near)
    for i in range(8):
        x = 24 + i * 34.5
        paper.rectangle(x, 108, 32, 100, cut.white, 1.2)
    for i in (0, 1, 3, 4, 5):
        paper.rectangle(46 + i * 34.5, 106, 20, 56, INK, 1.2)
    for colour, x, y in zip(paper.some((cut.one, cut.two, cut.three)), (76, 158, 236), paper.some((74, 58, 82)), strict=True):
        with paper.placed(x, y):
            pieces.note(paper, colour)


def curtain(paper: Paper, cut: Papers) -> None:
    """Somebody before an audience."""
    paper.polygon([(150, -4), (176, -4), (232, 170), (92, 170)], cut.white)
    cloth, fold = paper.some((cut.one, cut.two, cut.near), 2)
    for side in (0, 1):
        edges = [(-6, -6), (96, -6), (86, 70), (40, 108), (52, 168), (-6, 168)]
        paper.polygon([(x if side == 0 else 320 - x, y) for x, y in edges], cloth)
        paper.rectangle(24 if side == 0 else 262, 100, 34, 12, fold, 1.6)
    for i in range(6):
        paper.half(28 + i * 53, -4, 27, fold) if i % 2 else paper.polygon([(i * 53 - 4, -6), (i * 53 + 60, -6), (i * 53 + 28, 26)], fold)
    paper.rectangle(-6, 150, 332, 60, INK)
    paper.person(160, 156, cut.three, paper.between(70, 82))
    for i, x in enumerate(paper.pick((60, 130, 200, 270), (90, 160, 230), (40, 110, 220, 290))):
        paper.blob(x, 190, 15, 17, (cut.two, cut.far, cut.one)[i % 3])
