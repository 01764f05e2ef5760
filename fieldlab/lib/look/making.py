"""Scenes of people's handiwork, each on 320 by 200: sewing, cooking, bicycles, gardening, repairing, washing."""

import math

from fieldlab.lib.look import pieces
from fieldlab.lib.look.paper import BRICK, INK, LEAF, SUN, Palette, Paper, Papers


def _palette(cut: Papers) -> Palette:
    """For pieces that are cut from the papers of a kind."""
    return Palette(cut.ground, cut.far, cut.near)


def _leaves(cut: Papers) -> tuple[str, str]:
    """Two papers for leaves that are seen on this ground."""
    return (cut.near, LEAF) if LEAF not in (cut.ground, cut.far) else (cut.near, cut.white)


def _warm(cut: Papers) -> str:
    """For what is never green or blue, such as a carrot: of the bright papers one is always warm."""
    return next(colour for colour in (BRICK, SUN) if colour in cut)


def _sun(cut: Papers) -> str:
    return SUN if SUN not in (cut.ground, cut.far) else cut.white


def _blooms(paper: Paper, cut: Papers) -> list[str]:
    """Papers for flowers: not that of leaves."""
    bright = [colour for colour in (cut.one, cut.two, cut.three) if colour != LEAF]
    return paper.some(bright + [cut.white] * (cut.white not in (cut.ground, cut.far) and len(bright) < 3))


# Sewing


def spool_and_needle(paper: Paper, cut: Papers) -> None:
    hem = paper.between(126, 150)
    cloth = [
        (196, -4),
        (330, -4),
        (330, hem + 4),
        (300, hem - 20),
        (282, hem + 4),
        (262, hem - 20),
        (243, hem),
        (222, hem - 24),
        (196, hem),
    ]
    paper.polygon(cloth, cut.far, 1.5)
    if paper.pick(True, False):
        for y in (26, 58, 90):
            paper.rectangle(200, y, 126, 9, cut.white, 1.2)
    else:
        for i in range(8):
            paper.disc(216 + i % 4 * 30 + i // 4 * 14, 30 + i // 4 * 42, 8, cut.one if i % 3 else cut.white)
    with paper.placed(44, 40):
        pieces.spool(paper, cut.near, cut.one, cut.two, cut.white)
    paper.thread("M129 136C170 150 168 186 205 178S224 96 258 82", INK, 3.2)
    paper.polygon([(252, 74), (262, 80), (186, 194), (180, 191)], INK, 0.6)


def bobbins(paper: Paper, cut: Papers) -> None:
    paper.rectangle(-4, 158, 330, 50, cut.far, 2)
    colours = paper.some((cut.one, cut.two, cut.three, cut.white))
    for i, (colour, height) in enumerate(zip(colours, paper.some((70, 92, 112, 84)), strict=True)):
        x = 22 + i * 72
        paper.rectangle(x + 6, 160 - height, 48, height, colour).rectangle(x, 152 - height, 60, 13, cut.near)
        for line in range(3):
            paper.thread(f"M{x + 8} {178 - height + line * 18}L{x + 52} {172 - height + line * 18}", INK, 2)
    paper.rectangle(12, 156, 296, 12, cut.near)
    paper.thread(f"M{paper.between(60, 200)} 168C120 196 180 170 330 190", INK, 3)


def dress(paper: Paper, cut: Papers) -> None:
    paper.thread("M160 22V0M112 34L160 20L208 34", INK, 5)
    waist = paper.between(90, 104)
    gown = [(126, 32), (146, 48), (174, 48), (194, 32), (206, 66), (184, waist), (226, 178), (94, 178), (136, waist), (114, 66)]
    paper.polygon(gown, cut.one).rectangle(134, waist - 6, 52, 12, cut.near)
    if paper.pick(True, False):
        paper.polygon([(102, 154), (218, 154), (226, 178), (94, 178)], cut.two)
    else:
        for x, y in ((132, 128), (160, 140), (186, 126), (146, 162), (178, 164), (160, 70)):
            paper.disc(x, y, 6, cut.white)
    paper.rectangle(-6, 182, 332, 30, cut.far)
    with paper.placed(10, 118, 0.62):
        pieces.spool(paper, cut.near, cut.three, cut.two, cut.white)
    with paper.placed(232, 134, 0.62):
        pieces.scissors(paper, INK)


def buttons(paper: Paper, cut: Papers) -> None:
    colours = paper.some((cut.one, cut.two, cut.three, cut.white, cut.near))
    for i, (x, y, radius) in enumerate(((62, 58, 38), (156, 44, 30), (244, 68, 42), (98, 146, 32), (190, 132, 44), (284, 156, 30))):
        size = radius + paper.between(-5, 5)
        paper.disc(x, y, size, colours[i % 5]).blob(x, y, size * 0.66, size * 0.66, cut.far, points=7)
        paper.thread(f"M{x - 6} {y - 6}l12 12" + paper.pick(f"M{x + 6} {y - 6}l-12 12", ""), INK, 4)
    paper.thread(f"M-6 {paper.between(90, 120)}C80 190 130 20 210 96S290 90 330 104", INK, 3)


# Cooking


def pan(paper: Paper, cut: Papers) -> None:
    paper.rectangle(-4, 158, 330, 50, cut.far, 3)
    pieces.steam(paper, paper.pick((112, 150, 188), (128, 172), (104, 136, 168, 200)), cut.white)
    pieces.pot(paper, _palette(cut))
    for x, radius, fruit, leaves in zip(
        (58, 28, 264, 300), (22, 14, 28, 16), paper.some((cut.one, cut.two, cut.three)) * 2, (1, 1, 2, 1), strict=False
    ):
        pieces.fruit(paper, x, 158 - radius * 0.7, radius, fruit, leaves)


def laid_table(paper: Paper, cut: Papers) -> None:
    """Seen from above."""
    for stripe in range(-10, 330, 68):
        paper.rectangle(stripe, -6, 30, 212, cut.far, 1)
    paper.disc(160, 100, 78, cut.white).disc(160, 100, 56, cut.near)
    meal = paper.pick(3, 4, 5)
    for i in range(meal):
        angle = i * math.tau / meal + paper.between(0, 0.5)
        x, y = 160 + math.cos(angle) * 27, 100 + math.sin(angle) * 27
        paper.blob(x, y, 19, 16, (cut.one, cut.two, cut.three)[i % 3]).leaf(x, y, 16, angle, LEAF)
    paper.thread("M54 46V154M40 46V82C40 96 68 96 68 82V46", INK, 6)
    paper.thread("M268 92V154", INK, 7).blob(268, 70, 15, 26, INK)


def chopping(paper: Paper, cut: Papers) -> None:
    paper.rectangle(38, 44, 230, 116, cut.far, 3).rectangle(266, 88, 60, 28, cut.far, 2).disc(300, 102, 8, cut.ground)
    paper.outline([(64, 76), (92, 66), (190, 94), (92, 112), (66, 104)], _warm(cut) if _warm(cut) != cut.far else cut.near)
    for angle in (2.5, 3.1, 3.7):
        paper.leaf(70, 88, 44, angle, LEAF if cut.far != LEAF else cut.near)
    for i in range(paper.pick(3, 4)):
        paper.blob(92 + i * 38, 138, 15, 14, cut.three).blob(92 + i * 38, 138, 7, 7, cut.white, points=6)
    paper.polygon([(176, 20), (196, 14), (244, 118), (226, 128), (196, 88)], cut.white).polygon(
        [(172, 6), (188, -6), (204, 22), (188, 32)], INK
    )


def bread(paper: Paper, cut: Papers) -> None:
    paper.half(160, 160, paper.between(118, 128), cut.far)
    paper.rectangle(-4, 156, 330, 50, cut.near, 2)
    crusts = [colour for colour in (SUN, BRICK) if colour not in (cut.ground, cut.far)]
    for x, y, wide in ((104, 132, 62), (212, 138, 54)):
        cuts = "".join(f"M{x - 30 + i * 24} {y - 20}l12 22" for i in range(3))
        paper.blob(x, y, wide, 36, crusts[0]).thread(cuts, cut.white, 5)
    top = crusts[1] if len(crusts) > 1 else cut.near
    paper.blob(158, 100, 58, 32, top).thread("M128 92L140 108M152 84L164 104M178 86L190 104", cut.white, 5)
    for x in paper.pick((40, 282), (30, 56), (272, 294)):
        paper.thread(f"M{x} 156C{x + 4} 110 {x - 8} 80 {x} 44", INK, 4)
        for i in range(3):
            paper.leaf(x, 86 - i * 18, 22, -0.9, cut.three).leaf(x, 86 - i * 18, 22, math.pi + 0.9, cut.three)


# Bicycles


def bicycle(paper: Paper, cut: Papers) -> None:
    paper.disc(paper.between(60, 260), 60, paper.between(44, 62), cut.far)
    paper.rectangle(-4, 172, 330, 40, cut.far, 2)
    pieces.bicycle(paper, _palette(cut), cut.one, cut.two)


def wheel(paper: Paper, cut: Papers) -> None:
    """One wheel close by, and what is needed for it."""
    x = paper.between(140, 178)
    paper.rectangle(-4, 164, 330, 50, cut.far, 2)
    pieces.wheel(paper, x, 96, cut.near, cut.one, paper.between(0, 30))
    paper.thread("M30 188L80 138", cut.two, 12).ring(88, 130, 17, 8, cut.two)
    paper.rectangle(252, 150, 54, 34, cut.three).rectangle(262, 140, 34, 12, INK)


def two_bicycles(paper: Paper, cut: Papers) -> None:
    paper.rectangle(-4, 150, 330, 60, cut.far, 2)
    for x, y, scale, one, two in ((-16, 4, 0.74, cut.one, cut.two), (120, 54, 0.74, cut.three, cut.one)):
        with paper.placed(x, y, scale):
            pieces.bicycle(paper, Palette(cut.ground, cut.far, cut.near if x < 0 else INK), one, two, spokes=2)
    for i in range(paper.pick(3, 4)):
        paper.polygon([(170 + i * 34, 8), (196 + i * 34, 6), (184 + i * 34, 34)], (cut.one, cut.white, cut.two, cut.three)[i % 4], 1.6)
    paper.thread("M150 4C200 14 270 12 330 2", INK, 2.4)


def cargo_bicycle(paper: Paper, cut: Papers) -> None:
    """With a box in front, and somebody or something in it."""
    paper.rectangle(-4, 172, 330, 40, cut.far, 2)
    if paper.pick(True, False):
        for x, coat in ((110, cut.two), (142, cut.three)):
            paper.person(x, 112, coat, 62)
    else:
        for x, height, bloom in zip((104, 128, 152), (44, 60, 38), _blooms(paper, cut) * 2, strict=False):
            pieces.plant(paper, x, 106, height, _leaves(cut), bloom, pairs=1)
    paper.thread("M166 130H214L244 136M214 130L206 74M190 72H224M176 86L166 40M150 36H178", INK, 7)
    paper.ring(66, 146, 32, 9, cut.near).ring(244, 136, 44, 10, cut.near).disc(66, 146, 7, INK).disc(244, 136, 9, INK)
    paper.rectangle(188, 64, 40, 11, cut.three).polygon([(74, 84), (184, 84), (168, 142), (92, 142)], cut.one)
    paper.rectangle(80, 94, 98, 9, cut.white, 1)


# Gardening


def flowers(paper: Paper, cut: Papers) -> None:
    sun = paper.between(60, 250)
    paper.half(sun, 118, paper.between(44, 60), _sun(cut))
    rise = paper.between(-14, 14)
    paper.outline([(-10, 150 + rise), (70, 116), (160, 128 + rise), (250, 108), (335, 126 - rise), (335, 215), (-10, 215)], cut.far)
    paper.outline([(-10, 176), (90, 158 - rise), (200, 170), (335, 154 + rise), (335, 215), (-10, 215)], cut.near)
    blooms = _blooms(paper, cut)
    for i, (x, height) in enumerate(zip((58, 118, 180, 246), paper.some((82, 120, 70, 102)), strict=True)):
        pieces.plant(paper, x + paper.between(-8, 8), 178, height, _leaves(cut), blooms[i % len(blooms)], pairs=2)


def tulips(paper: Paper, cut: Papers) -> None:
    paper.rectangle(-4, 168, 330, 40, cut.near, 2)
    blooms, count = _blooms(paper, cut), paper.pick(5, 6)
    for i in range(count):
        x, top = 30 + i * 260 / (count - 1), paper.between(46, 92)
        paper.thread(f"M{x:.0f} 172V{top + 24:.0f}", INK, 4)
        paper.leaf(x, 170, 74, -1.2, _leaves(cut)[0]).leaf(x, 170, 58, -1.95, _leaves(cut)[1])
        crown = [(x - 21, top - 16), (x - 9, top - 2), (x, top - 20), (x + 9, top - 2), (x + 21, top - 16)]
        cup = [*crown, (x + 16, top + 26), (x - 16, top + 26)]
        paper.polygon(cup, blooms[i % len(blooms)], 1.5)


def beds(paper: Paper, cut: Papers) -> None:
    """Kitchen garden, from above."""
    green = next(colour for colour in (LEAF, cut.one) if colour != cut.far)
    crops = _blooms(paper, cut)
    for row, y in enumerate((14, 76, 138)):
        paper.rectangle(-6, y, 332, 46, cut.far if row % 2 else cut.near, 2.2)
        crop = crops[row % len(crops)]
        for i in range(4):
            x, middle, ripe = 44 + i * 76 + paper.between(-6, 6), y + 23, (i + row) % 2
            for angle in (0.3, 2.4, 4.5)[ripe:]:
                paper.leaf(x, middle, 22, angle + row, green if row % 2 else cut.white)
            if ripe:
                paper.blob(x, middle, 12, 12, crop)


def watering(paper: Paper, cut: Papers) -> None:
    paper.outline([(-10, 166), (100, 150), (220, 168), (335, 152), (335, 215), (-10, 215)], cut.near)
    with paper.placed(66, 52, 1.1):
        pieces.watering_can(paper, cut.one)
    for i in range(paper.pick(4, 5, 6)):
        paper.thread(f"M{224 + i * 13} {36 + i * 6}L{228 + i * 14} {62 + i * 9}", cut.white, 4.4)
    for x, height, flower in ((262, 48, cut.two), (302, 40, cut.three), (34, 66, cut.two)):
        pieces.plant(paper, x, 168, height, _leaves(cut), flower, pairs=1)


# Repairing and making


def painting(paper: Paper, cut: Papers) -> None:
    paper.rectangle(-4, 0, 200, 170, cut.far, 2).rectangle(-4, 166, 330, 40, cut.near, 2)
    low = paper.between(92, 116)
    paper.polygon([(20, -4), (150, -4), (140, low), (112, low + 14), (86, low), (54, low + 20), (26, low)], cut.white)
    pieces.ladder(paper)
    pieces.paint_roller(paper, cut.one, cut.two)
    pieces.bucket(paper, cut.three)


def tools(paper: Paper, cut: Papers) -> None:
    """On a board, each at its place."""
    paper.rectangle(18, 16, 284, 168, cut.far, 3)
    for x, draw in zip((62, 132, 200, 266), paper.some((_hammer, _screwdriver, _spanner, _saw)), strict=True):
        with paper.placed(x, 34):
            draw(paper, cut)
        paper.disc(x, 30, 4, INK)


def _hammer(paper: Paper, cut: Papers) -> None:
    paper.rectangle(-7, 20, 14, 112, cut.one, 1.4).rectangle(-27, 4, 54, 26, INK, 1.8)


def _screwdriver(paper: Paper, cut: Papers) -> None:
    paper.thread("M0 66V134", INK, 7).outline([(-13, 2), (13, 2), (11, 62), (-11, 62)], cut.two)


def _spanner(paper: Paper, cut: Papers) -> None:
    paper.thread("M0 44V100", cut.near, 14).ring(0, 22, 23, 11, cut.near).ring(0, 122, 19, 9, cut.near)


def _saw(paper: Paper, cut: Papers) -> None:
    teeth = [point for i in range(6) for point in ((24, 50 + i * 15), (15, 57 + i * 15))]
    paper.polygon([(-10, 50), *teeth, (-2, 140)], cut.white, 0.8).ring(2, 26, 25, 12, cut.three)


def toaster(paper: Paper, cut: Papers) -> None:
    paper.rectangle(-4, 156, 330, 50, cut.far, 2)
    with paper.placed(104, 68, 1.16):
        paper.polygon([(58, -26), (84, -28), (84, -4), (60, -4)], cut.white, 1.4)
        pieces.toaster(paper, cut.one, cut.near, cut.white)
        paper.rectangle(10, 56, 52, 8, cut.near, 1)
    for i in range(paper.pick(2, 3)):
        paper.disc(248 + i * 24, 148 - i % 2 * 12, 8, INK).disc(248 + i * 24, 148 - i % 2 * 12, 3, cut.ground)
    paper.thread("M262 112L306 68", INK, 6).thread("M250 124L264 110", cut.three, 15)


def lamp(paper: Paper, cut: Papers) -> None:
    paper.polygon([(150, 74), (214, 52), (300, 170), (76, 170)], cut.far).rectangle(-4, 166, 330, 40, cut.near, 2)
    paper.thread("M84 166L58 96L132 44", INK, 8).disc(58, 96, 9, cut.two).rectangle(50, 154, 70, 14, INK)
    paper.polygon([(120, 34), (150, 16), (216, 50), (148, 78)], cut.one).disc(176, 68, 11, cut.white)
    for x, y, colour in ((176, 148, cut.two), (214, 154, cut.three), (246, 146, cut.two))[: paper.pick(2, 3)]:
        paper.ring(x, y, 17, 8, colour)


# Washing


def washing_line(paper: Paper, cut: Papers) -> None:
    paper.thread("M-4 40C90 66 220 66 326 34", INK, 3.4)
    cloths = paper.some((cut.near, cut.white, cut.one, cut.two))
    for i, x in enumerate((44, 142, 240)):
        y = 66 if i == 1 else 57
        if paper.pick("shirt", "shirt", "towel") == "shirt":
            pieces.shirt(paper, x, y, cloths[i])
        else:
            paper.rectangle(x - 12, y - 4, 64, 96, cloths[i]).rectangle(x - 12, y + 62, 64, 10, cut.far, 1)
        pieces.peg(paper, x + 2, y - 6, cut.three)
        pieces.peg(paper, x + 38, y - 6, cut.three)
    paper.rectangle(-4, 178, 330, 30, cut.far, 2)


def machine(paper: Paper, cut: Papers) -> None:
    paper.rectangle(-4, 162, 330, 50, cut.far, 2)
    with paper.placed(paper.pick(40, 84, 110), 20, 0.86):
        pieces.washing_machine(paper, _palette(cut), cut.one, cut.two)
    with paper.placed(226, 126, 0.7):
        pieces.wash_basket(paper, cut.three)
    for x, y, radius in ((28, 40, 13), (292, 52, 17), (268, 24, 9))[: paper.pick(2, 3)]:
        paper.ring(x, y, radius, 4, cut.white)


def ironing(paper: Paper, cut: Papers) -> None:
    paper.thread("M104 118L210 196M216 118L110 196", INK, 7)
    paper.outline([(14, 112), (60, 98), (250, 96), (306, 108), (250, 126), (60, 126)], cut.near)
    cloth = paper.pick(cut.one, cut.white)
    paper.polygon([(50, 98), (132, 96), (142, 160), (118, 150), (96, 164), (72, 150), (48, 160)], cloth)
    paper.outline([(150, 96), (162, 60), (210, 52), (240, 66), (252, 96)], cut.two).thread("M176 58C180 32 232 34 236 62", INK, 9)
    paper.thread("M240 66C290 60 270 10 330 20", INK, 3)
    for x in (92, 116, 268)[: paper.pick(2, 3)]:
        paper.thread(f"M{x} 80C{x - 12} 66 {x + 10} 54 {x} 36", cut.white, 7)
    if paper.pick(True, False):
        with paper.placed(18, 140, 0.5):
            pieces.wash_basket(paper, cut.three)
