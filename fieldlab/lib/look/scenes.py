"""The cover of an initiative that has no photo: on a sheet of 320 by 200 a scene of what people do there.

Every activity can be seen in several ways (fieldlab.lib.look.making and .meeting), on one of three grounds, one way round or the other,
with papers in an order of its own: of one kind and activity, two that stand side by side are not the same picture. In a list only the
middle square (x from 60 to 260) is seen, so the main thing stands there.
"""

from fieldlab.lib.look import making, meeting
from fieldlab.lib.look.paper import BRICK, LEAF, PALETTES, SUN, TEAL, WHITE, Palette, Paper, Papers

WIDTH, HEIGHT = 320, 200

SCENES = {
    "sewing": (making.spool_and_needle, making.bobbins, making.dress, making.buttons),
    "kitchen": (making.pan, making.laid_table, making.chopping, making.bread),
    "bikes": (making.bicycle, making.wheel, making.two_bicycles, making.cargo_bicycle),
    "garden": (making.flowers, making.tulips, making.beds, making.watering),
    "house": (meeting.house, meeting.canal, meeting.cups, meeting.doorway),
    "table": (meeting.round_table, meeting.at_the_table, meeting.notes_on_a_wall),
    "repair": (making.painting, making.tools, making.toaster, making.lamp),
    "language": (meeting.talk, meeting.book, meeting.letters),
    "laundry": (making.washing_line, making.machine, making.ironing),
    "music": (meeting.stage, meeting.instruments, meeting.keys, meeting.curtain),
}
# Letters and notes are read from left to right.
ONE_WAY = {meeting.letters, meeting.instruments, meeting.keys}


def papers(paper: Paper, colours: Palette) -> Papers:
    """Ground, what stands on it, and three bright papers that are none of these."""
    bright = paper.some([colour for colour in (SUN, BRICK, LEAF, TEAL) if colour not in colours], 3)
    ground, far = paper.pick((colours.field, colours.middle), (colours.field, colours.middle), (colours.middle, colours.field))
    return Papers(ground, far, colours.deep, WHITE, *bright)


def cover(kind: str, activity: str, seed: str) -> str:
    """The picture as a whole SVG document. KeyError for a kind or activity that has no paper."""
    paper = Paper(seed)
    cut = papers(paper, PALETTES[kind])
    paper.ground(WIDTH, HEIGHT, cut.ground)
    scene = paper.pick(*SCENES[activity])
    if scene in ONE_WAY or paper.pick(True, False):
        scene(paper, cut)
    else:
        with paper.turned_round(WIDTH):
            scene(paper, cut)
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" height="{HEIGHT}">{paper.pieces}</svg>'
