"""Pictures from people: what is shown is what draws, and everything else is refused with its reason."""

import io
import zlib
from struct import pack

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from assessor.safe_pictures import UnsafePicture, clean_picture

SVG = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 40 20">{}</svg>'
ICON = '<path d="M0 0H40V20Z" fill="#2f3e8f"/>'


def png(width: int = 8, height: int = 4, mode: str = "RGBA", **options: object) -> bytes:
    out = io.BytesIO()
    Image.new(mode, (width, height)).save(out, "PNG", **options)
    return out.getvalue()


def chunk(name: bytes, data: bytes) -> bytes:
    return pack(">I", len(data)) + name + data + pack(">I", zlib.crc32(name + data))


def reason(content: bytes) -> str:
    with pytest.raises(UnsafePicture) as refused:
        clean_picture(content)
    return str(refused.value).removeprefix("This picture cannot be used: ")


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "I;16"])
def test_a_png_keeps_its_pixels_and_loses_what_it_carries_along(mode: str) -> None:
    given_ = png(mode=mode)
    carrying = given_[:33] + chunk(b"tEXt", b"Comment\0secret") + chunk(b"eXIf", b"place") + given_[33:]
    cleaned = clean_picture(carrying)

    assert (cleaned.width, cleaned.height) == (8, 4)
    assert b"secret" not in cleaned.content
    assert b"eXIf" not in cleaned.content
    assert Image.open(io.BytesIO(cleaned.content)).tobytes() == Image.open(io.BytesIO(given_)).tobytes()


def test_the_size_that_a_png_declares_is_a_lie_until_it_is_unpacked() -> None:
    header = pack(">IIBBBBB", 2000, 2000, 8, 6, 0, 0, 0)
    small = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"\0" * 9))
    bomb = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", pack(">IIBBBBB", 9, 9, 8, 0, 0, 0, 0))
    bomb += chunk(b"IDAT", zlib.compress(b"\0" * 50_000_000)) + chunk(b"IEND", b"")
    large = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", pack(">IIBBBBB", 9000, 9000, 8, 0, 0, 0, 0)) + chunk(b"IEND", b"")

    assert reason(small + chunk(b"IEND", b"")).startswith("it is damaged")
    assert reason(bomb).startswith("it is damaged")
    assert reason(png()[:-8]).startswith("it is damaged")
    assert reason(png()[:40] + b"x" + png()[41:]).startswith("it is damaged")
    assert reason(large).startswith("it is damaged")  # nothing in it
    assert reason(large[:-12] + chunk(b"IDAT", b"x") + large[-12:]).startswith("it has more than 3000 pixels")


def test_an_svg_is_built_anew_from_what_draws() -> None:
    given_ = SVG.format(
        "<title>Ours</title><metadata>secret</metadata><g style='fill: #16202c; -inkscape-stroke: none'>"
        f"{ICON}<rect width='3' height='2' fill='url(#paint)' data-name='x'/></g>"
    )

    assert clean_picture(given_.encode()).content.decode() == SVG.format(
        '<g fill="#16202c"><path d="M0 0H40V20Z" fill="#2f3e8f"></path>'
        '<rect width="3" height="2" fill="url(#paint)"></rect></g>'
    )


@pytest.mark.parametrize(
    ("inside", "why"),
    [
        ("<script>alert(1)</script>", "it contains a script"),
        (ICON.replace("<path", '<path onload="x()"'), "it contains a script"),
        ('<image href="https://example.org/x.png"/>', "it refers to an address"),
        ('<use href="#a"/>', "it refers to an address"),
        ('<rect xmlns:x="http://www.w3.org/1999/xlink" x:href="file:///etc"/>', "it refers to an address"),
        (ICON.replace("#2f3e8f", "url(https://example.org/#p)"), "it refers to an address"),
        (ICON.replace('fill="#2f3e8f"', "style=\"fill: url( 'file:///etc/x' )\""), "it refers to an address"),
        ("<text>Biblioteket</text>", "it contains text"),
        ("<style>path{fill:red}</style>", "it has a style sheet"),
        ("<animate attributeName='x'/>", "it moves"),
        ("<filter/>", "it contains what is not drawn here (filter)"),
        ("<g>" * 40 + "</g>" * 40, "it has more than 2000 parts"),
        (ICON * 2500, "it has more than 2000 parts"),
    ],
)
def test_an_svg_that_acts_fetches_or_needs_a_font_is_refused_with_its_reason(inside: str, why: str) -> None:
    assert reason(SVG.format(inside).encode()).startswith(why)


def test_what_is_no_picture_or_says_no_size_is_refused() -> None:
    entity = b'<!DOCTYPE svg [<!ENTITY a "aaaa">]><svg viewBox="0 0 1 1">&a;</svg>'

    assert reason(b"GIF89a").startswith("it is neither")
    assert reason(entity).startswith("it declares entities")
    assert reason(SVG.format(ICON).replace('viewBox="0 0 40 20"', "").encode()).startswith("it does not say how large")
    assert reason(SVG.format(ICON).replace("0 0 40 20", "0 0 400 2").encode()).startswith("it is more than twelve")
    assert reason(b"<svg").startswith("it is damaged")


@given(st.binary(max_size=200), st.sampled_from([b"", b"\x89PNG\r\n\x1a\n", b"<svg ", b"<?xml"]))
def test_anything_else_is_refused_and_breaks_nothing(content: bytes, begin: bytes) -> None:
    with pytest.raises(UnsafePicture):
        clean_picture(begin + content)
