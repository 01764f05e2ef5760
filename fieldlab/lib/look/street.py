"""The street of six on the home page, one front per kind, and the three spots beside the ways in."""

from collections.abc import Callable
from math import pi

from fieldlab.lib.look.paper import BRICK, LEAF, PALETTES, RUST, SUN, TEAL, WHITE, Palette, Paper


def _residents_group(paper: Paper, colours: Palette) -> None:
    paper.rectangle(14, 26, 172, 166, colours.middle)
    for row in range(3):
        for column in range(4):
            paper.rectangle(28 + column * 38, 42 + row * 34, 24, 22, (WHITE, colours.field)[(row + column) % 2], 1.2)
    paper.rectangle(10, 16, 180, 12, colours.deep, 1.5)
    for x, coat, height in ((52, colours.deep, 60), (98, BRICK, 68), (146, TEAL, 56)):
        paper.person(x, 192, coat, height)


def _social_enterprise(paper: Paper, colours: Palette) -> None:
    paper.rectangle(22, 62, 156, 130, colours.deep).rectangle(36, 112, 86, 54, WHITE).rectangle(132, 112, 34, 80, SUN)
    paper.rectangle(36, 18, 128, 36, paper.ink, 1.5)
    for i in range(6):
        x = i * 29
        awning = [(14 + x, 62), (43 + x, 62), (43 + x, 96), (28 + x, 104), (14 + x, 96)]
        paper.polygon(awning, (colours.middle, WHITE)[i % 2], 1)
    paper.rectangle(52, 30, 60, 7, "var(--fl-paper)", 0.8).rectangle(52, 42, 40, 5, "var(--fl-paper)", 0.8)
    paper.blob(58, 148, 12, 16, BRICK).blob(84, 150, 10, 14, SUN).blob(106, 150, 9, 13, LEAF)


def _community_centre(paper: Paper, colours: Palette) -> None:
    paper.rectangle(26, 84, 148, 108, colours.middle).rectangle(146, 18, 18, 40, colours.deep, 1.4)
    paper.polygon([(12, 88), (100, 10), (188, 88)], colours.deep, 2).arch(76, 116, 48, 76, SUN)
    paper.rectangle(40, 104, 26, 30, WHITE, 1.4).rectangle(134, 104, 26, 30, WHITE, 1.4).disc(100, 60, 13, WHITE)
    paper.person(100, 192, colours.deep, 50)


def _self_managed(paper: Paper, colours: Palette) -> None:
    paper.half(100, 118, 82, colours.middle).rectangle(18, 116, 164, 76, colours.middle)
    paper.thread("M100 38V190M58 50V190M142 50V190M20 118H180", WHITE, 4).rectangle(10, 170, 180, 22, colours.deep, 2)
    for x, height, flower in ((38, 70, SUN), (80, 104, BRICK), (120, 84, BRICK), (162, 66, SUN)):
        paper.thread(f"M{x} 172V{172 - height}", "", 4)
        for share in (0.45, 0.75):
            paper.leaf(x, 172 - height * share, 30, -0.6, colours.deep).leaf(x, 168 - height * share, 30, pi + 0.6, colours.deep)
        paper.disc(x, 166 - height, 11, flower)


def _cooperative(paper: Paper, colours: Palette) -> None:
    left = [(34, 192), (34, 84), (52, 84), (52, 58), (72, 58), (72, 34)]
    paper.polygon([*left, *((200 - x, y) for x, y in reversed(left))], colours.deep, 1.6).rectangle(92, 12, 16, 24, colours.deep, 1)
    for y, columns, pane in ((52, (88,), colours.middle), (84, (66, 90, 114), WHITE), (118, (54, 78, 102, 126), colours.middle)):
        for x in columns:
            paper.rectangle(x, y, 16, 22, pane, 1)
    for x, door in ((48, SUN), (78, BRICK), (108, WHITE), (136, colours.middle)):
        paper.arch(x, 152, 22, 40, door)


def _informal_group(paper: Paper, colours: Palette) -> None:
    paper.rectangle(92, 100, 14, 92, paper.ink, 1.5).blob(100, 66, 80, 54, colours.middle, 0.06, 11)
    paper.blob(66, 54, 26, 22, colours.deep, 0.05).blob(132, 74, 22, 18, colours.deep, 0.05)
    paper.rectangle(40, 152, 120, 9, paper.ink, 1).rectangle(54, 160, 7, 32, paper.ink, 0.8).rectangle(140, 160, 7, 32, paper.ink, 0.8)
    for x, coat in ((34, SUN), (72, colours.deep), (130, BRICK), (168, TEAL)):
        paper.person(x, 192, coat, 62)
    paper.rectangle(40, 150, 120, 9, WHITE, 1)


FACADES: dict[str, Callable[[Paper, Palette], None]] = {
    "community_centre": _community_centre,
    "residents_group": _residents_group,
    "social_enterprise": _social_enterprise,
    "cooperative": _cooperative,
    "self_managed": _self_managed,
    "informal_group": _informal_group,
}


def facade(kind: str) -> str:
    """One front, 200 by 194, to stand inline: its ink is the page's, so that people stay visible in the dark scheme."""
    paper = Paper(f"street-{kind}", ink="currentColor")
    FACADES[kind](paper, PALETTES[kind])
    return f'<svg class="facade" viewBox="0 0 200 194" aria-hidden="true">{paper.pieces}</svg>'


def _search(paper: Paper) -> None:
    paper.outline([(60, 8), (96, 24), (102, 56), (60, 116), (18, 56), (24, 24)], "var(--fl-action)").disc(60, 50, 21, SUN)


def _call(paper: Paper) -> None:
    paper.rectangle(26, 8, 68, 106, paper.ink, 2).rectangle(34, 20, 52, 72, "var(--fl-white)", 1.4).disc(60, 103, 6, SUN)
    paper.outline([(42, 34), (58, 30), (78, 36), (78, 56), (64, 62), (52, 76), (50, 60), (42, 52)], BRICK)


def _initiative(paper: Paper) -> None:
    paper.rectangle(22, 54, 76, 60, BRICK).polygon([(10, 58), (60, 8), (110, 58)], RUST, 2).arch(46, 74, 28, 40, SUN)


def _mail(paper: Paper) -> None:
    paper.rectangle(10, 30, 100, 66, "var(--fl-action)", 2).polygon([(10, 30), (110, 30), (60, 72)], SUN, 2).disc(60, 68, 9, BRICK)


def _table(paper: Paper) -> None:
    for x, y, guest in ((60, 18, SUN), (104, 60, BRICK), (60, 102, LEAF), (16, 60, "var(--fl-action)")):
        paper.disc(x, y, 13, guest)
    paper.blob(60, 60, 34, 32, "currentColor", 0.02, 14)


SPOTS: dict[str, Callable[[Paper], None]] = {"search": _search, "call": _call, "initiative": _initiative, "mail": _mail, "table": _table}


def spot(name: str) -> str:
    """A small picture, 120 by 120, to stand inline beside a heading or in an empty place."""
    paper = Paper(f"spot-{name}", ink="currentColor")
    SPOTS[name](paper)
    return f'<svg class="spot" viewBox="0 0 120 120" aria-hidden="true">{paper.pieces}</svg>'
