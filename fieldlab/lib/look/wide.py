"""The band over an initiative's page, 1280 by 340: the pieces of its scene, laid out along one table or street.

On a phone only the middle half (x from 300 to 980) is seen, so the main thing stands there.
"""

from collections.abc import Callable

from fieldlab.lib.look import pieces
from fieldlab.lib.look.paper import BRICK, INK, LEAF, PALETTES, SUN, TEAL, WHITE, Palette, Paper

WIDTH, HEIGHT = 1280, 340
EDGE = 262  # where the table or street begins

FLAGS = ((60, 34), (160, 53), (262, 61), (364, 60), (466, 50), (560, 30), (780, 40), (880, 57), (984, 62), (1090, 55), (1194, 34))


def _table(paper: Paper, colour: str) -> None:
    paper.rectangle(-10, EDGE, 1300, 90, colour)


def _people(paper: Paper, colours: Palette, *places: tuple[float, float]) -> None:
    """People behind the table's edge, each an x and a height, in coats that differ from each other and from what is round them."""
    coats = paper.some([*[coat for coat in (BRICK, SUN, LEAF, TEAL) if coat not in colours][:3], colours.middle])
    for i, (x, height) in enumerate(places):
        paper.person(x, EDGE + 4, coats[i % len(coats)], height)


def _bunting(paper: Paper, colours: Palette) -> None:
    paper.thread("M-10 14C200 84 480 84 660 -8C820 74 1080 80 1300 6", INK, 3)
    cloths = paper.some((SUN, WHITE, colours.middle, BRICK, LEAF))
    for i, (x, y) in enumerate(FLAGS):
        paper.polygon([(x - 26, y - 4), (x + 26, y - 2), (x + 2, y + 44)], cloths[i % len(cloths)], 2)


def _windows(paper: Paper, x: float, y: float, columns: int, step: float, panes: tuple[str, str]) -> None:
    for row in range(3):
        for column in range(columns):
            paper.rectangle(x + column * step, y + row * 50, 26, 31, panes[(row + column) % 2], 1.4)


def sewing(paper: Paper, colours: Palette) -> None:
    for i, cloth in enumerate((SUN, WHITE, colours.middle, BRICK)):
        x, hem = -10 + i * 96, 150 + i % 2 * 26
        paper.polygon([(x, -6), (x + 96, -6), (x + 92, hem), (x + 48, hem - 16), (x + 3, hem)], cloth, 3)
    _people(paper, colours, (1110, 150), (1206, 132))
    with paper.placed(452, 144, 0.94):
        pieces.spool(paper, INK, BRICK, WHITE)
    with paper.placed(566, 176, 0.68):
        pieces.spool(paper, INK, SUN, BRICK)
    pieces.sewing_machine(paper, colours)
    paper.thread("M520 150C560 60 690 40 742 92")
    _table(paper, colours.deep)
    paper.outline([(600, 250), (700, 240), (800, 242), (870, 256), (880, 300), (860, 344), (580, 344), (590, 300)], SUN)
    paper.thread("M610 262C690 250 780 250 850 266", INK, 2.4)
    with paper.placed(117, 275):
        pieces.scissors(paper, WHITE)


def kitchen(paper: Paper, colours: Palette) -> None:
    paper.rectangle(30, 118, 272, 13, INK, 1.6)
    for i, (jar, height) in enumerate(((BRICK, 62), (WHITE, 46), (SUN, 70), (colours.middle, 54))):
        x = 48 + i * 62
        paper.rectangle(x, 118 - height, 46, height, jar, 1.6).rectangle(x + 3, 107 - height, 40, 12, INK, 1)
    for x, length, ladle in ((362, 92, colours.deep), (446, 70, SUN)):
        paper.thread(f"M{x} -4V{length}", INK, 6).half(x, length + 34, 34, ladle)
    _people(paper, colours, (1030, 146), (1124, 164), (1218, 138))
    _table(paper, colours.deep)
    with paper.placed(468, 36, 1.42):
        pieces.steam(paper, (112, 150, 188))
        pieces.pot(paper, colours)
    paper.rectangle(540, EDGE, 260, 18, INK, 2)
    pieces.fruit(paper, 886, 234, 34, BRICK, leaves=2)
    pieces.fruit(paper, 946, 244, 24, SUN)
    paper.rectangle(206, 240, 214, 24, WHITE, 2)
    for i in range(4):
        paper.disc(250 + i * 36, 230, 15, (BRICK, LEAF)[i % 2])
    paper.thread("M78 300H190", WHITE, 10).polygon([(190, 286), (296, 292), (286, 316), (190, 314)], WHITE, 2)


def bikes(paper: Paper, colours: Palette) -> None:
    paper.rectangle(-10, 18, 330, 12, INK, 1.6)
    for x, radius, hub in ((70, 58, BRICK), (196, 46, SUN)):
        paper.thread(f"M{x} 28V62", INK, 5).ring(x, 62 + radius, radius, 10, colours.deep).disc(x, 62 + radius, 9, hub)
    paper.thread("M282 28V74", INK, 5).thread("M282 108V178", BRICK, 16).ring(282, 92, 23, 9, BRICK)
    _people(paper, colours, (1050, 168), (1186, 150))
    _table(paper, colours.deep)
    with paper.placed(404, -21, 1.58):
        pieces.bicycle(paper, colours)
    paper.rectangle(916, 196, 78, 68, BRICK).rectangle(928, 216, 54, 9, WHITE, 1).thread("M932 196C936 160 974 160 978 196", INK, 6)
    paper.ring(1118, 214, 46, 10, INK).thread("M112 310H200", WHITE, 9).ring(222, 310, 24, 10, WHITE)


def garden(paper: Paper, colours: Palette) -> None:
    paper.half(900, 196, 108, SUN)
    hills = [(-20, 226), (160, 150), (380, 196), (640, 156), (900, 190), (1110, 140), (1300, 176), (1300, 360), (-20, 360)]
    paper.outline(hills, colours.middle)
    paper.half(162, 157, 108, WHITE).rectangle(54, 155, 216, 96, WHITE)
    paper.thread("M162 52V250M108 68V250M216 68V250M54 156H270", colours.deep, 5)
    coats = [coat for coat in (BRICK, SUN, LEAF, TEAL) if coat not in colours]
    for x, coat, height in ((1040, coats[0], 128), (1140, coats[1], 146)):
        paper.person(x, 280, coat, height)
    paper.outline([(-20, 262), (240, 238), (560, 262), (860, 240), (1300, 264), (1300, 370), (-20, 370)], colours.deep)
    # On its own green field the deep leaves would not be seen against the hill in front.
    leaves = (LEAF, colours.field) if colours.middle == LEAF else (colours.deep, LEAF)
    flowers = ((352, 130, BRICK), (436, 178, SUN), (520, 140, WHITE), (604, 190, BRICK), (690, 150, SUN), (774, 116, WHITE))
    for x, height, flower in flowers:
        with paper.placed(x, 276, 1.2):
            pieces.plant(paper, 0, 0, height / 1.2, leaves, flower)
    with paper.placed(872, 214):
        pieces.watering_can(paper)
    paper.blob(1222, 250, 46, 42, LEAF).blob(1190, 268, 34, 28, colours.middle)


def house(paper: Paper, colours: Palette) -> None:
    paper.rectangle(-16, 70, 104, 200, colours.middle).rectangle(96, 104, 92, 166, WHITE).polygon([(86, 108), (142, 58), (198, 108)], BRICK)
    _windows(paper, -2, 88, 2, 42, (WHITE, SUN))
    _windows(paper, 110, 122, 2, 40, (colours.deep, colours.middle))
    with paper.placed(206, 12, 1.48):
        pieces.gabled_neighbour(paper, colours._replace(middle=SUN))
    with paper.placed(490, 12, 1.48):
        pieces.stepped_neighbour(paper, colours)
    with paper.placed(394, 6, 1.52):
        pieces.house(paper, colours)
    with paper.placed(956, 12, 1.48):
        pieces.gabled_neighbour(paper, colours)
    paper.rectangle(1092, 62, 200, 210, BRICK).rectangle(1084, 48, 220, 18, INK)
    _windows(paper, 1114, 88, 3, 58, (WHITE, SUN))
    _table(paper, INK)
    for x, coat, height in ((560, BRICK, 74), (637, colours.deep, 84), (712, LEAF, 66), (362, WHITE, 70), (1030, SUN, 76)):
        paper.person(x, EDGE + 4, coat, height)
    paper.thread("M-10 306H180M260 306H450M530 306H720M800 306H990M1070 306H1290", SUN, 7)


def table(paper: Paper, colours: Palette) -> None:
    _bunting(paper, colours)
    _people(paper, colours, *((100 + i * 180, 130 + (i * 37) % 29) for i in range(7)))
    _table(paper, WHITE)
    paper.polygon([(-10, 306), (1290, 300), (1290, 350), (-10, 350)], colours.deep)
    with paper.placed(372, 66, 1.66):
        pieces.teapot(paper, colours)
    for i, x in enumerate((166, 348, 446, 792, 976, 1158)):
        with paper.placed(x, 236):
            pieces.mug(paper, (SUN, BRICK, colours.deep)[i % 3])
    for x, plate in ((278, colours.field), (730, SUN), (906, colours.field)):
        paper.blob(x, 274, 58, 12, plate).blob(x - 16, 262, 17, 13, BRICK).blob(x + 18, 263, 16, 12, LEAF)


def repair(paper: Paper, colours: Palette) -> None:
    paper.rectangle(-10, -10, 700, 300, colours.middle)
    torn = [(300, -10), (660, -10), (640, 214), (590, 236), (544, 204), (486, 246), (420, 214), (366, 240), (318, 208)]
    paper.polygon(torn, WHITE).rectangle(24, 34, 220, 120, WHITE, 2)
    paper.thread("M66 66V132", BRICK, 12).rectangle(42, 50, 48, 22, INK, 1.6)
    paper.thread("M134 50V84", INK, 6).thread("M134 92V130", SUN, 15)
    paper.thread("M196 82V132", colours.deep, 13).thread("M182 54V70C182 80 210 80 210 70V54", colours.deep, 12)
    _people(paper, colours, (1072, 150), (1196, 136))
    _table(paper, colours.deep)
    with paper.placed(330, -16, 1.62):
        pieces.paint_roller(paper)
    with paper.placed(392, -23, 1.62):
        pieces.ladder(paper)
        pieces.bucket(paper)
    with paper.placed(916, 186):
        pieces.toaster(paper)
    paper.thread("M96 304H190", WHITE, 9).rectangle(190, 288, 70, 30, BRICK, 1.6)


def language(paper: Paper, colours: Palette) -> None:
    _people(paper, colours, (352, 158), (462, 138), (846, 138), (958, 160), (1180, 146))
    with paper.placed(466, 10, 1.08):
        pieces.balloon(paper, colours.deep, WHITE)
    with paper.placed(662, 40, 1.14):
        pieces.answer(paper, SUN, INK)
    with paper.placed(1016, 22, 0.96):
        pieces.answer(paper, WHITE, colours.deep, (60, 78, 40))
    x = 30
    for back, width, height in ((BRICK, 40, 120), (WHITE, 30, 142), (colours.deep, 48, 112), (SUN, 34, 134), (colours.middle, 44, 124)):
        paper.rectangle(x, EDGE - height, width, height + 4, back, 1.6).rectangle(x + 7, EDGE - height + 18, width - 14, 7, INK, 0.8)
        x += width + 4
    _table(paper, colours.deep)
    for x, page in ((206, SUN), (570, WHITE), (1060, WHITE)):
        with paper.placed(x, 282):
            pieces.open_book(paper, page)


def laundry(paper: Paper, colours: Palette) -> None:
    paper.thread("M-10 44C240 96 420 92 640 60S1060 84 1300 34", INK, 3.6)
    for x, y, cloth in ((52, 58, colours.deep), (196, 75, WHITE), (338, 80, BRICK), (784, 58, SUN), (932, 60, colours.deep)):
        with paper.placed(x, y, 1.2):
            pieces.shirt(paper, 0, 0, cloth)
            pieces.peg(paper, 3, -6)
            pieces.peg(paper, 38, -6)
    _people(paper, colours, (1074, 152), (1190, 136))
    _table(paper, colours.middle)
    with paper.placed(520, 86):
        pieces.washing_machine(paper, colours)
    with paper.placed(760, 212):
        pieces.wash_basket(paper)


def music(paper: Paper, colours: Palette) -> None:
    _bunting(paper, colours)
    for radius, ring in ((196, colours.middle), (140, WHITE), (82, colours.deep)):
        paper.half(640, EDGE + 4, radius, ring)
    _people(paper, colours, (106, 128), (262, 146), (394, 120), (884, 122), (1016, 142), (1170, 126))
    _table(paper, INK)
    with paper.placed(318, 236):
        pieces.guitar(paper)
    with paper.placed(930, 216):
        pieces.drum(paper)
    for x, y, colour in ((520, 306, SUN), (640, 300, WHITE), (760, 306, BRICK)):
        with paper.placed(x, y):
            pieces.note(paper, colour)


BANDS: dict[str, Callable[[Paper, Palette], None]] = {
    band.__name__: band for band in (sewing, kitchen, bikes, garden, house, table, repair, language, laundry, music)
}


# Notes are read from left to right.
ONE_WAY = {"music"}


def wide_cover(kind: str, activity: str, seed: str) -> str:
    """The band as inline SVG. KeyError for a kind or activity that has no paper."""
    colours = PALETTES[kind]
    paper = Paper(seed)
    # Where the middle tone is no bright paper too, the sheet may be of it, and what was of it of the light one.
    if colours.middle not in (SUN, BRICK, LEAF) and paper.pick(True, False):
        colours = colours._replace(field=colours.middle, middle=colours.field)
    paper.ground(WIDTH, HEIGHT, colours.field)
    if activity in ONE_WAY or paper.pick(True, False):
        BANDS[activity](paper, colours)
    else:
        with paper.turned_round(WIDTH):
            BANDS[activity](paper, colours)
    return f'<svg class="wide-cover" viewBox="0 0 {WIDTH} {HEIGHT}" preserveAspectRatio="xMidYMax slice">{paper.pieces}</svg>'
