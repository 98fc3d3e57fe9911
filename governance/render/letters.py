"""Letters that no installed font can draw. PDF/UA refuses a document that points at a missing letter's box."""

from __future__ import annotations

import ctypes
from collections.abc import Callable
from functools import cache
from html import unescape

# Latin with its accents, which the fonts named in requirements always have.
_ALWAYS_DRAWN = 0x0250
_LINES = {0x09, 0x0A, 0x0D}
REPLACEMENT = "\N{REPLACEMENT CHARACTER}"


def drawable(html: str, missing: Callable[[str], bool] | None = None) -> str:
    """The document with each letter that cannot be drawn shown as the replacement character, and no control characters.

    Args:
        html: a whole document; letters written as character references count too.
        missing: says whether no font has a letter; by default Pango is asked.
    """
    unusual = {letter for letter in set(unescape(html)) if ord(letter) >= _ALWAYS_DRAWN}
    refused: dict[int, str | None] = {code: None for code in range(0x20) if code not in _LINES}
    refused[0x7F] = None
    if unusual:
        absent = missing or _asking_pango()
        shown = "?" if absent(REPLACEMENT) else REPLACEMENT
        refused |= {ord(letter): shown for letter in unusual if absent(letter)}
        html = _without_references(html, refused)
    return html.translate(refused)


def _without_references(html: str, refused: dict[int, str | None]) -> str:
    """Numeric references to the refused letters, in the two forms they are written, as what stands in for them."""
    for code, shown in refused.items():
        for written in (f"&#{code};", f"&#x{code:x};", f"&#x{code:X};"):
            html = html.replace(written, shown or "")
    return html


@cache
def _asking_pango() -> Callable[[str], bool]:
    """Ask the library that will draw the document, with the fonts it will use."""
    pango = ctypes.CDLL("libpango-1.0.so.0")
    fonts = ctypes.CDLL("libpangoft2-1.0.so.0")
    fonts.pango_ft2_font_map_new.restype = ctypes.c_void_p
    pango.pango_font_map_create_context.restype = ctypes.c_void_p
    pango.pango_font_map_create_context.argtypes = [ctypes.c_void_p]
    pango.pango_layout_new.restype = ctypes.c_void_p
    pango.pango_layout_new.argtypes = [ctypes.c_void_p]
    pango.pango_layout_set_text.argtypes = [ctypes.c_void_p, ctypes.c_char_p, ctypes.c_int]
    pango.pango_layout_get_unknown_glyphs_count.argtypes = [ctypes.c_void_p]
    layout = pango.pango_layout_new(pango.pango_font_map_create_context(fonts.pango_ft2_font_map_new()))

    @cache
    def missing(letter: str) -> bool:
        written = letter.encode("utf-8", "replace")
        pango.pango_layout_set_text(layout, written, len(written))
        return bool(pango.pango_layout_get_unknown_glyphs_count(layout))

    return missing
