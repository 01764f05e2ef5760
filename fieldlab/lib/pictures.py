"""Photos that people send: judged by their first bytes, drawn anew, and without the places and devices they tell about."""

import io
import logging
from dataclasses import dataclass
from threading import Lock

import puremagic
from django.utils.translation import gettext as _
from PIL import Image, ImageCms, ImageOps

from fieldlab.lib.errors import DomainError

logger = logging.getLogger(__name__)

WIDTHS = (320, 720, 1440)
# What is kept fits in a square of this
LARGEST = WIDTHS[-1]
MOST_BYTES = 12_000_000
KINDS = {"image/jpeg": "JPEG", "image/png": "PNG", "image/webp": "WEBP"}
# In millions of pixels. A JPEG is shrunk while it is read; the others, and a JPEG in several scans, are held whole first.
MOST_MEGAPIXELS = {"JPEG": 40, "JPEG in scans": 14, "PNG": 20, "WEBP": 8}
MOST_SCANS = 40
SMALLEST = 200  # of the shorter side, in pixels
THINNEST = 4  # times as wide as high, or as high as wide
_HEAD = 4096  # of a file, for what kind it is
_SCAN = b"\xff\xda"

# Stricter limits stand above, and are told in words.
Image.MAX_IMAGE_PIXELS = None
# One at a time in this process, so that memory is needed once
_drawing = Lock()


@dataclass(frozen=True)
class Picture:
    """The same picture as WebP in every width of `widths(width)`, pixels only; sizes in pixels are of the widest."""

    width: int
    height: int
    files: dict[int, bytes]


def widths(widest: int) -> list[int]:
    """In which widths a picture exists that is `widest` pixels wide: never wider than it was."""
    return [*(width for width in WIDTHS if width < widest), widest]


def draw_anew(data: bytes) -> Picture:
    """Decode and encode again: upright, in sRGB, nothing but pixels. What hides behind or between them is gone.

    Of a moving picture it is the first frame. Raises DomainError for what is no photo, too large, too small, damaged or of another kind.
    """
    _check_kind(data)
    try:
        with _drawing, Image.open(io.BytesIO(data), formats=list(KINDS.values())) as image:
            _check_size(image, data)
            return _in_widths(_pixels(image))
    except DomainError:
        raise
    except Exception as error:
        # Whatever pillow stumbles over in a file from outside, it means the same.
        logger.info("A photo could not be read: %s", type(error).__name__)
        raise DomainError(_("This photo is damaged, or only a part of it arrived. Choose it again, or take another one.")) from error


def _check_kind(data: bytes) -> None:
    if not data:
        raise DomainError(_("This file is empty. Choose another photo."))
    if len(data) > MOST_BYTES:
        raise DomainError(_("This photo is larger than 12 megabytes. Make a screenshot of it and choose that: it is smaller."))
    try:
        kind = puremagic.magic_string(data[:_HEAD])[0].mime_type
    except puremagic.PureError:
        kind = ""
    if kind in KINDS:
        return
    if kind in ("image/heif", "image/heic", "image/avif"):
        raise DomainError(_("We cannot read this kind of photo (HEIC). Make a screenshot of it on your telephone, and choose that."))
    if kind.startswith("image/"):
        raise DomainError(_("We cannot read this kind of picture. Choose a photo of your telephone, or a screenshot: a JPEG or PNG."))
    raise DomainError(_("This is not a photo. Choose a photo from your telephone or computer."))


def _check_size(image: Image.Image, data: bytes) -> None:
    """By the header: nothing is decoded yet."""
    wide, high = image.size
    # Several pictures in one JPEG, as some telephones make, are called MPO
    kind = image.format if image.format in ("PNG", "WEBP") else "JPEG" if _row_by_row(data) else "JPEG in scans"
    megapixels = wide * high / 1_000_000
    if megapixels > MOST_MEGAPIXELS[kind] or (kind == "JPEG in scans" and data.count(_SCAN) > MOST_SCANS):
        raise DomainError(
            _("This photo is too large: it has %(found)d million points, of at most %(most)d. Make a screenshot of it and choose that.")
            % {"found": max(1, round(megapixels)), "most": MOST_MEGAPIXELS[kind]}
        )
    if max(wide, high) > THINNEST * min(wide, high):
        raise DomainError(_("This photo is very long and narrow. Choose one that is not more than four times as wide as it is high."))
    if min(wide, high) < SMALLEST:
        raise DomainError(_("This photo is so small that people cannot see what is on it. Choose a larger one."))


def _row_by_row(data: bytes) -> bool:
    """Whether the first scan of a JPEG has all its colours and every detail; if not, all of it must be held until the last scan."""
    at, colours = 2, 0
    while data[at : at + 1] == b"\xff":
        marker, length = data[at + 1], int.from_bytes(data[at + 2 : at + 4])
        if marker in (0xC0, 0xC1) and at + 9 < len(data):
            colours = data[at + 9]
        elif marker == _SCAN[1]:
            return data[at + 4 : at + 5] == bytes([colours])
        at += 2 + length
    return False


def _pixels(image: Image.Image) -> Image.Image:
    """Upright, on white where it is see-through, in sRGB. Shrunk first, so that the rest is done on little."""
    goal = _fitting(*image.size)
    image.draft(None, goal)
    profile = image.info.get("icc_profile")
    pixels: Image.Image = image
    if pixels.mode.startswith("I"):  # sixteen bits a point
        pixels = pixels.point(lambda value: value * (1 / 256)).convert("L")
    elif pixels.mode in ("1", "P", "PA") or "transparency" in pixels.info:
        pixels = pixels.convert("RGBA")
    pixels = _upright(pixels.resize(goal, Image.Resampling.LANCZOS, reducing_gap=3.0))
    if pixels.has_transparency_data:
        pixels = Image.alpha_composite(Image.new("RGBA", pixels.size, "white"), pixels.convert("RGBA")).convert("RGB")
    return _in_srgb(pixels, profile)


def _fitting(wide: int, high: int) -> tuple[int, int]:
    share = min(1, LARGEST / max(wide, high))
    return round(wide * share), round(high * share)


def _upright(image: Image.Image) -> Image.Image:
    try:
        return ImageOps.exif_transpose(image)
    except Exception as error:  # noqa: BLE001 - what a camera wrote about a photo may be damaged while the photo is not
        logger.info("The facts in a photo could not be read: %s", type(error).__name__)
        return image


def _in_srgb(image: Image.Image, profile: bytes | None) -> Image.Image:
    if profile:
        try:
            theirs, ours = ImageCms.ImageCmsProfile(io.BytesIO(profile)), ImageCms.createProfile("sRGB")
            converted = ImageCms.profileToProfile(image, theirs, ours, outputMode="RGB")
        except (ImageCms.PyCMSError, OSError, ValueError) as error:
            logger.info("The colours of a photo could not be read: %s", type(error).__name__)
        else:
            if converted is not None:
                return converted
    return image.convert("RGB")


def _in_widths(pixels: Image.Image) -> Picture:
    bare = Image.frombytes("RGB", pixels.size, pixels.tobytes())  # what else the file told stays behind
    files = {}
    for width in widths(bare.width):
        height = max(1, round(bare.height * width / bare.width))
        sized = bare if width == bare.width else bare.resize((width, height), Image.Resampling.LANCZOS, reducing_gap=3.0)
        out = io.BytesIO()
        sized.save(out, "WEBP", quality=80, method=4)
        files[width] = out.getvalue()
    return Picture(bare.width, bare.height, files)
