"""PDF that says everything it can draw, and never fails over what it cannot."""

import random
import re
from datetime import UTC, datetime

import pytest
import typst
from hypothesis import given, settings
from hypothesis import strategies as st

from fieldlab.lib import pdf
from fieldlab.lib.qr import qr_svg

AT = datetime(2026, 11, 22, tzinfo=UTC)
PLACE = {"glyph": qr_svg("x"), "summary": "", "lines": [], "phone": ""}
FACTS = dict.fromkeys(["lead", "free", "none", "qr_alt", "qr_words", "help", "help_when", "help_phone", "made"], "x")


def made(name, title="Oost"):
    data = {"language": "nl", "title": title, "qr": qr_svg("https://demo.example/"), "places": [PLACE | {"name": name}], **FACTS}
    return pdf.make_pdf("initiatives/sheet.typ", data, at=AT)


def test_it_is_tagged_and_the_same_every_time():
    one = made("De Draad")
    assert one.startswith(b"%PDF-")
    assert b"pdfuaid:part" in one
    assert b"/MarkInfo" in one
    assert one == made("De Draad")


@pytest.mark.parametrize(
    "text",
    [
        "العربية",
        "ትግርኛ",
        "中文",
        "naaien 🧵🙂",
        "\u202eomgekeerd",
        "\x00\x01\x7f",
        "\ud800",
        "Z̸̡̢͓a̷l̶g̷o̴",
        '#import "x" = $ @ <a> \\ _*',
        "x" * 4000,
        "\n\r\t",
    ],
)
def test_no_text_breaks_it(text):
    assert made(text).startswith(b"%PDF-")


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=60))
def test_no_text_at_all_breaks_it(text):
    assert made(text, title=text).startswith(b"%PDF-")


def test_what_is_certain_is_drawn_by_the_fonts_inside():
    """All of it at once, in the weights that are used: a missing glyph is an error under PDF/UA."""
    everything = [chr(code) for low, high in pdf.CERTAIN for code in range(low, high + 1)] + sorted(pdf.CERTAIN_MARKS - {"\n"})
    random.Random(1).shuffle(everything)
    for weight in (400, 700):
        source = (
            f'#set document(title: "x")\n#set text(lang: "nl", font: "Libertinus Serif", weight: {weight}, fallback: false)\n#sys.inputs.t'
        )
        compiler = typst.Compiler(
            source.encode(), font_paths=pdf._fonts(), ignore_system_fonts=True, sys_inputs={"t": " ".join(everything)}
        )
        assert compiler.compile(format="pdf", pdf_standards=["ua-1"])


def test_what_cannot_be_drawn_is_left_out_and_the_rest_stays():
    assert pdf.certain("Café 中文 Ёлка 🙂 …") == "Café Ёлка …"
    assert pdf.certain("ትግርኛ") == ""
    assert pdf._drawable("20 °C & co\u202e\x00 🙂") == "20 °C & co"


def test_a_template_reads_nothing_outside_the_templates(tmp_path):
    """The root is the folder of templates; nothing is fetched."""
    compiler = typst.Compiler(b'#read("/../manage.py")', root=str(pdf.TEMPLATES), ignore_system_fonts=True)
    with pytest.raises(typst.TypstError):
        compiler.compile()


def test_a_code_has_its_quiet_edge():
    svg = qr_svg("https://demo.example/kaart/?gebied=M")
    assert svg.startswith("<svg")
    size = int(re.search(r'width="(\d+)"', svg)[1])
    assert (size - 8 - 17) % 4 == 0, "a QR code is 17 + 4n modules wide, and has four around"
