"""Opens a scan whole, to see that it can be. Meant for a child process, since pictures and PDFs may be hostile.

python -m governance.extract.examine_scan < media type, line end and bytes > nothing, or why not
"""

from __future__ import annotations

import io
import sys
import warnings

import pypdfium2
from PIL import Image, UnidentifiedImageError

from governance.extract.scans import PDF

# A page of A4 at 600 dots an inch has 35 million.
MOST_PIXELS = 120_000_000
MOST_PAGES = 200


def answer(payload: bytes) -> bytes:
    """Empty where the scan opens, else the reason."""
    media_type, _, data = payload.partition(b"\n")
    return (_pdf(data) if media_type.decode() == PDF else _picture(data)).encode()


def _pdf(data: bytes) -> str:
    try:
        document = pypdfium2.PdfDocument(data)
        pages = len(document)
    except pypdfium2.PdfiumError as problem:
        return str(problem)
    return "" if 0 < pages <= MOST_PAGES else f"{pages} pages"


def _picture(data: bytes) -> str:
    Image.MAX_IMAGE_PIXELS = MOST_PIXELS
    warnings.simplefilter("error", Image.DecompressionBombWarning)
    try:
        with Image.open(io.BytesIO(data), formats=("JPEG", "PNG")) as picture:
            picture.load()
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as problem:
        return str(problem)
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, EOFError) as problem:
        return str(problem) or type(problem).__name__
    return ""


if __name__ == "__main__":
    sys.stdout.buffer.write(answer(sys.stdin.buffer.read()))
