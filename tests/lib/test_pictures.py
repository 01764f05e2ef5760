"""Photos as people send them, and files that were made to hurt: drawn anew, or refused in words, quickly and in little memory."""

import io
import os
import struct
import subprocess
import sys
import time
import zlib
from contextlib import suppress
from pathlib import Path

import pytest
from django.utils import translation
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageCms
from PIL.TiffImagePlugin import IFDRational

from fieldlab.lib.errors import DomainError
from fieldlab.lib.pictures import MOST_BYTES, draw_anew, widths


@pytest.fixture(autouse=True)
def in_english():
    with translation.override("en"):
        yield


GPS = {1: "N", 2: tuple(map(IFDRational, (52, 21, 45))), 3: "E", 4: tuple(map(IFDRational, (4, 56, 22)))}
SVG = b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg" width="900" height="600"><script>alert(1)</script></svg>'


def scene(wide=900, high=600, mode="RGB"):
    return Image.linear_gradient("L").resize((wide, high)).convert(mode)


def encoded(image, kind="JPEG", **options):
    out = io.BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def camera_facts():
    exif = Image.Exif()
    exif[271] = "Camera of Nadia"
    exif.get_ifd(0x8825).update(GPS)
    return exif


def chunk(kind, data):
    return struct.pack(">L", len(data)) + kind + data + struct.pack(">L", zlib.crc32(kind + data))


def claims(wide, high):
    """A PNG of a few bytes that says it is this large."""
    header = chunk(b"IHDR", struct.pack(">LLBBBBB", wide, high, 8, 2, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + header + chunk(b"IDAT", zlib.compress(b"\0" * 1000)) + chunk(b"IEND", b"")


def opened(content):
    return Image.open(io.BytesIO(content))


@pytest.mark.parametrize(
    ("sent", "size"),
    [
        (scene(4032, 3024), (1440, 1080)),
        (scene(3024, 4032), (1080, 1440)),
        (scene(1440, 900), (1440, 900)),
        (scene(500, 400), (500, 400)),
        (scene(200, 200), (200, 200)),
        (scene(3000, 750), (1440, 360)),
    ],
)
def test_three_widths_at_most_and_never_wider_than_it_was(sent, size):
    picture = draw_anew(encoded(sent))
    assert (picture.width, picture.height) == size
    assert list(picture.files) == widths(size[0])
    for width, content in picture.files.items():
        again = opened(content)
        assert again.format == "WEBP"
        assert again.width == width
        assert abs(again.height - width * size[1] / size[0]) <= 1


def test_where_and_with_what_it_was_taken_is_gone():
    xmp = b"<x:xmpmeta xmlns:x='adobe:ns:meta/'>Nadia</x:xmpmeta>"
    for kind, more in (("JPEG", {"xmp": xmp, "comment": b"Nadia"}), ("WEBP", {"xmp": xmp}), ("PNG", {})):
        sent = encoded(scene(), kind, exif=camera_facts(), **more)
        assert opened(sent).getexif().get_ifd(0x8825), "the control: it was there"
        for content in draw_anew(sent).files.values():
            again = opened(content)
            assert not again.getexif()
            assert not set(again.info) & {"exif", "xmp", "icc_profile", "comment"}
            assert b"Nadia" not in content


@pytest.mark.parametrize("turn", range(1, 9))
def test_it_stands_upright(turn):
    """As a camera held askew writes it: the pixels one way, and how to turn them apart."""
    upright = Image.new("RGB", (600, 400), "white")
    upright.paste("red", (0, 0, 300, 200))
    methods = {2: 0, 3: 3, 4: 1, 5: 5, 6: 2, 7: 6, 8: 4}
    exif = Image.Exif()
    exif[0x0112] = turn
    held = upright if turn == 1 else upright.transpose(Image.Transpose(methods[turn]))
    seen = opened(draw_anew(encoded(held, exif=exif, quality=95)).files[600])
    assert seen.size == (600, 400)
    red, white = seen.getpixel((100, 100)), seen.getpixel((500, 300))
    assert red[0] > 220
    assert red[1] < 60
    assert min(white) > 220


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "I;16"])
def test_every_mode_of_png(mode):
    image = Image.new("I;16", (400, 300), 40_000) if mode == "I;16" else Image.new("RGBA", (400, 300), (150, 150, 150, 255)).convert(mode)
    content = draw_anew(encoded(image, "PNG")).files[400]
    point = opened(content).getpixel((200, 150))
    assert opened(content).mode == "RGB"
    if mode != "1":
        assert all(abs(part - (156 if mode == "I;16" else 150)) < 6 for part in point), point


def test_what_is_see_through_becomes_white():
    clear = Image.new("RGBA", (400, 300), (0, 0, 0, 0))
    for image in (clear, clear.quantize()):
        assert min(opened(draw_anew(encoded(image, "PNG")).files[400]).getpixel((9, 9))) > 250


def test_cmyk_and_colours_of_another_space_become_srgb():
    assert opened(draw_anew(encoded(scene(mode="CMYK"))).files[900]).mode == "RGB"
    lab = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    plain, told = (opened(draw_anew(encoded(scene(), **more)).files[900]).getpixel((450, 300)) for more in ({}, {"icc_profile": lab}))
    assert all(abs(a - b) < 4 for a, b in zip(plain, told, strict=True))
    # A profile of nonsense is left out; one for other colours than the picture has, too.
    for profile in (b"nonsense", ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB")).tobytes()):
        assert draw_anew(encoded(scene(), icc_profile=profile)).width == 900


def test_of_a_moving_picture_it_is_the_first_frame():
    for kind in ("PNG", "WEBP"):
        sent = encoded(Image.new("RGB", (400, 300), "red"), kind, save_all=True, append_images=[Image.new("RGB", (400, 300), "blue")])
        assert opened(draw_anew(sent).files[400]).getpixel((9, 9))[0] > 200


def test_what_hides_behind_a_photo_stays_behind():
    sent = encoded(scene()) + b"PK\x03\x04<script>alert(1)</script>%PDF-1.4"
    for content in draw_anew(sent).files.values():
        assert b"script" not in content
        assert b"PK\x03\x04" not in content


def test_several_photos_in_one_jpeg_as_telephones_make():
    assert draw_anew(encoded(scene(), "MPO", save_all=True, append_images=[scene(300, 200)])).width == 900


REFUSED = {
    "0 bytes": (b"", "empty"),
    "not an image": (b"Dear network, this is a letter." * 50, "not a photo"),
    "a PDF": (b"%PDF-1.4\n" + b"x" * 900, "not a photo"),
    "a web page that begins as a GIF": (b"GIF89a/*<script>alert(1)</script>*/", "JPEG or PNG"),
    "SVG with a script": (SVG, "JPEG or PNG"),
    "a GIF": (encoded(scene(), "GIF"), "JPEG or PNG"),
    "HEIC": (b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + b"\0" * 900, "HEIC"),
    "AVIF": (encoded(scene(), "AVIF"), "HEIC"),
    "a web page that begins as a JPEG": (b"\xff\xd8\xff\xe0\x00\x10JFIF<script>alert(1)</script>" * 20, "damaged"),
    "only its first bytes": (encoded(scene())[:300], "damaged"),
    "cut off": (encoded(scene())[:-2000], "damaged"),
    "a PNG cut off": (encoded(scene(), "PNG")[:-600], "damaged"),
    "a WebP cut off": (encoded(scene(), "WEBP")[:-200], "damaged"),
    "60 megapixels": (claims(10_000, 6_000), "too large: it has 60 million"),
    "a decompression bomb": (claims(60_000, 60_000), "too large"),
    "a WebP bomb": (encoded(Image.new("L", (16_383, 16_383)).convert("RGB"), "WEBP", lossless=True, method=0), "too large"),
    "many scans": (encoded(scene(), progressive=True).replace(b"\xff\xd9", b"\xff\xda\x00\x02" * 99 + b"\xff\xd9"), "too large"),
    "too heavy": (encoded(scene()) + b"\0" * MOST_BYTES, "12 megabytes"),
    "1 by 1": (encoded(scene(1, 1), "PNG"), "so small"),
    "a very thin panorama": (encoded(scene(6000, 300)), "long and narrow"),
    "nothing tall": (encoded(scene(300, 6000)), "long and narrow"),
    "sizes of zero": (claims(0, 0), "damaged|so small"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_refused_in_words_and_at_once(name):
    data, words = REFUSED[name]
    began = time.perf_counter()
    with pytest.raises(DomainError, match=words) as refused:
        draw_anew(data)
    assert refused.value.message.endswith(".")
    assert time.perf_counter() - began < 2


@settings(max_examples=150, deadline=None)
@given(st.sampled_from([encoded(scene(320, 240), kind, exif=camera_facts()) for kind in ("JPEG", "PNG", "WEBP")]), st.data())
def test_whatever_is_broken_in_it_it_is_drawn_or_refused(good, data):
    at = data.draw(st.integers(0, len(good) - 1))
    sent = bytearray(good)
    sent[at : at + data.draw(st.integers(0, 8))] = data.draw(st.binary(max_size=8))
    with suppress(DomainError):
        assert draw_anew(bytes(sent)).files


MEASURE = """
import re, sys, time
import django; django.setup()
from fieldlab.lib.pictures import draw_anew, DomainError
def peak(): return int(re.search(r"VmHWM:\\s+(\\d+)", open("/proc/self/status").read())[1]) // 1024
draw_anew(open(sys.argv[1], "rb").read())
before = peak()
for path in sys.argv[2:]:
    began = time.perf_counter()
    try: draw_anew(open(path, "rb").read()); word = "drawn"
    except DomainError as error: word = "refused"
    print(word, round(time.perf_counter() - began, 2), peak() - before)
"""


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="only Linux tells how much memory a process took at most")
def test_what_is_refused_took_little_memory(tmp_path, capsys):
    """In a process of its own, where a peak can be told from other tests'."""
    grey = scene(7300, 5470, "L")
    hostile = {
        "bomb": claims(60_000, 60_000),
        "web bomb": REFUSED["a WebP bomb"][0],
        "cut JPEG of 40 megapixels": encoded(grey.convert("RGB"), quality=60)[:-3000],
        "JPEG of 40 megapixels in scans": encoded(grey, quality=60, progressive=True),
        "cut PNG of 20 megapixels": encoded(scene(5000, 4000, "RGBA"), "PNG")[:-3000],
    }
    paths = [tmp_path / "small", *(tmp_path / name for name in hostile)]
    for path, data in zip(paths, [encoded(scene()), *hostile.values()], strict=True):
        path.write_bytes(data)
    root = Path(__file__).parents[2]
    command = [sys.executable, "-c", MEASURE, *map(str, paths)]
    environment = {**os.environ, "PYTHONPATH": str(root), "DJANGO_SETTINGS_MODULE": "fieldlab.settings"}
    done = subprocess.run(command, capture_output=True, text=True, check=True, cwd=root, env=environment)
    with capsys.disabled():
        for name, line in zip(hostile, done.stdout.splitlines(), strict=True):
            word, seconds, megabytes = line.split()
            print(f"\n  {name}: {word} in {seconds} s, {megabytes} MB more at most so far", end="")
            assert word == "refused"
            assert float(seconds) < 2
            assert int(megabytes) <= 100
