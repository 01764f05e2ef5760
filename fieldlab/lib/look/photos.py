"""A collage of real paper as if somebody photographed it: what initiatives in the sample data uploaded."""

import io
import re
from random import Random

import typst
from PIL import Image, ImageChops, ImageFilter

from fieldlab.lib.look.scenes import cover

_SHADOW = (
    '<defs><filter id="s" x="-.45" y="-.45" width="1.9" height="1.9">'
    '<feDropShadow dx="{}" dy="2.6" stdDeviation="2" flood-opacity=".42"/></filter></defs>'
)
_WIDE, _HIGH = 1280, 800
_PAGE = b'#set page(width: 320pt, height: 200pt, margin: 0pt)\n#image(bytes(sys.inputs.svg), format: "svg", width: 320pt)'


def drawn_photo(kind: str, activity: str, seed: str) -> bytes:
    """A JPEG of 1280 by 800 pixels, the same for the same seed; takes about half a second."""
    random = Random(f"photo-{seed}")  # noqa: S311
    collage = _collage(cover(kind, activity, f"photo-{seed}"), random.choice((-1.8, 1.8)))
    # Held a little askew, and cut so far inside that its edges are out of sight
    laid = collage.resize((1440, 900), Image.Resampling.LANCZOS).rotate(random.uniform(-2, 2), Image.Resampling.BICUBIC)
    left, top = random.randint(60, 100), random.randint(42, 58)
    lit = ImageChops.multiply(laid.crop((left, top, left + _WIDE, top + _HIGH)), _light(random))
    grain = Image.frombytes("L", (_WIDE, _HIGH), random.randbytes(_WIDE * _HIGH)).filter(ImageFilter.GaussianBlur(0.6))
    grain = grain.point(lambda value: 128 + (value - 128) * 0.22)
    out = io.BytesIO()
    ImageChops.overlay(lit, Image.merge("RGB", [grain] * 3)).save(out, "JPEG", quality=84)
    return out.getvalue()


def _collage(svg: str, lean: float) -> Image.Image:
    """Every piece lies on the ones below it, so each throws a shadow."""
    head, body = svg.split(">", 1)
    # Not the sheet below all, and no lines: a straight one has no box to throw a shadow in
    pieces = re.sub(r'(?<!^)<path (?=[^>]*fill="#)', '<path filter="url(#s)" ', body)
    svg = f"{head}>{_SHADOW.format(lean)}{pieces}"
    png = typst.compile(_PAGE, format="png", ppi=288, sys_inputs={"svg": svg}, ignore_system_fonts=True)
    return Image.open(io.BytesIO(png)).convert("RGB")


def _light(random: Random) -> Image.Image:
    """A window on one side: bright and a little warm there, darker away from it."""
    slope = Image.linear_gradient("L").rotate(random.choice((60, 120, 240, 300)), Image.Resampling.BICUBIC)
    slope = slope.crop((40, 40, 216, 216)).resize((_WIDE, _HIGH), Image.Resampling.BICUBIC)
    warm = (1.0, 0.985, 0.955)
    bands = [slope.point([int((206 + value * 49 / 255) * share) for value in range(256)]) for share in warm]
    return Image.merge("RGB", bands)
