"""The ten scenes, one per activity, on a sheet of 320 by 200: the cover of an initiative that has no photo."""

import math
from collections.abc import Callable

from fieldlab.lib.look import pieces
from fieldlab.lib.look.paper import BRICK, INK, LEAF, PALETTES, SUN, WHITE, Palette, Paper

WIDTH, HEIGHT = 320, 200


def sewing(paper: Paper, colours: Palette) -> None:
    cloth = [(196, -4), (330, -4), (330, 150), (300, 128), (282, 152), (262, 128), (243, 150), (222, 126), (196, 146)]
    paper.polygon(cloth, colours.middle, 1.5)
    for y in (26, 58, 90):
        paper.rectangle(200, y, 126, 9, WHITE, 1.2)
    with paper.placed(44, 40):
        pieces.spool(paper, colours.deep, SUN, BRICK, WHITE)
    paper.thread("M129 136C170 150 168 186 205 178S224 96 258 82", INK, 3.2)
    paper.polygon([(252, 74), (262, 80), (186, 194), (180, 191)], INK, 0.6)


def kitchen(paper: Paper, colours: Palette) -> None:
    paper.rectangle(-4, 158, 330, 50, colours.middle, 3)
    pieces.steam(paper, (112, 150, 188))
    pieces.pot(paper, colours)
    pieces.fruit(paper, 62, 146, 22, BRICK)
    pieces.fruit(paper, 264, 138, 28, BRICK, leaves=2)
    paper.blob(30, 152, 14, 13, SUN)


def bikes(paper: Paper, colours: Palette) -> None:
    paper.rectangle(-4, 166, 330, 40, colours.middle, 2)
    pieces.bicycle(paper, colours)


def garden(paper: Paper, colours: Palette) -> None:
    paper.half(236, 112, 58, SUN)
    paper.outline([(-10, 150), (70, 112), (160, 128), (250, 104), (335, 126), (335, 215), (-10, 215)], colours.middle)
    paper.outline([(-10, 176), (90, 156), (200, 170), (335, 150), (335, 215), (-10, 215)], colours.deep)
    for x, height, flower in ((48, 88, BRICK), (106, 118, SUN), (164, 78, BRICK)):
        pieces.plant(paper, x, 172, height, (colours.deep, LEAF), flower)


def house(paper: Paper, colours: Palette) -> None:
    paper.rectangle(-4, 170, 330, 40, INK, 2)
    pieces.gabled_neighbour(paper, colours)
    pieces.stepped_neighbour(paper, colours)
    pieces.house(paper, colours)
    paper.person(160, 172, colours.deep, 40)


def table(paper: Paper, colours: Palette) -> None:
    guests = [colours.deep, SUN, BRICK, colours.middle, colours.deep, LEAF, BRICK, SUN]
    angles = [i * math.pi / 4 + 0.25 for i in range(8)]
    for angle, guest in zip(angles, guests, strict=True):
        paper.blob(160 + math.cos(angle) * 118, 102 + math.sin(angle) * 78, 21, 19, guest)
    paper.blob(160, 102, 92, 58, WHITE, 0.02, 14)
    for angle in angles:
        paper.blob(160 + math.cos(angle) * 68, 102 + math.sin(angle) * 40, 8, 7, colours.middle, 0.05, 5)
    pieces.teapot(paper, colours)


def repair(paper: Paper, colours: Palette) -> None:
    paper.rectangle(-4, 0, 200, 170, colours.middle, 2).rectangle(-4, 166, 330, 40, colours.deep, 2)
    paper.polygon([(20, -4), (150, -4), (140, 96), (112, 110), (86, 98), (54, 118), (26, 100)], WHITE)
    pieces.ladder(paper)
    pieces.paint_roller(paper)
    pieces.bucket(paper)


def language(paper: Paper, colours: Palette) -> None:
    with paper.placed(20, 18):
        pieces.balloon(paper, colours.deep, WHITE)
    with paper.placed(160, 66):
        pieces.answer(paper, SUN, INK)


def laundry(paper: Paper, colours: Palette) -> None:
    paper.thread("M-4 40C90 66 220 66 326 34", INK, 3.4)
    for x, y, cloth in ((44, 58, colours.deep), (142, 66, WHITE), (240, 56, SUN)):
        pieces.shirt(paper, x, y, cloth)
    for x, y in ((46, 52), (82, 56), (144, 59), (180, 58), (242, 48), (278, 42)):
        pieces.peg(paper, x, y)
    paper.rectangle(-4, 176, 330, 30, colours.middle, 2)


def music(paper: Paper, colours: Palette) -> None:
    paper.half(160, 170, 120, colours.middle).half(160, 170, 84, WHITE).half(160, 170, 48, colours.deep)
    paper.rectangle(-4, 168, 330, 40, INK, 2)
    for x, height, coat in ((48, 54, BRICK), (272, 54, SUN), (96, 48, colours.deep), (224, 48, LEAF)):
        paper.person(x, 172, coat, height)


SCENES: dict[str, Callable[[Paper, Palette], None]] = {
    scene.__name__: scene for scene in (sewing, kitchen, bikes, garden, house, table, repair, language, laundry, music)
}


def cover(kind: str, activity: str, seed: str) -> str:
    """The picture as a whole SVG document. KeyError for a kind or activity that has no paper."""
    colours = PALETTES[kind]
    paper = Paper(seed).ground(WIDTH, HEIGHT, colours.field)
    SCENES[activity](paper, colours)
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" height="{HEIGHT}">{paper.pieces}</svg>'
