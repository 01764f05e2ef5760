"""QR codes, as SVG."""

import io

import segno


def qr_svg(text: str, scale: int = 1) -> str:
    """A whole SVG document, black on white, with the quiet edge of four modules that readers want. A quarter of it may be damaged."""
    out = io.BytesIO()
    segno.make_qr(text, error="q", boost_error=False).save(out, kind="svg", scale=scale, border=4, dark="#000", light="#fff", xmldecl=False)
    return out.getvalue().decode()
