"""What rich text's control words mean: which begin words that nobody reads, which stand for a sign."""

from __future__ import annotations

# In half points, where nothing is said.
USUAL_SIZE = 24
SKIPPED = frozenset(
    "colortbl info pict object nonshppict shprslt sp xe tc tcn rxe filetbl private template annotation atnid atnauthor "
    "ftnsep ftnsepc ftncn aftnsep aftnsepc aftncn nonesttables background".split()
)
HEADS = frozenset("header headerl headerr headerf".split())
FEET = frozenset("footer footerl footerr footerf".split())
BOXES = frozenset(["shptxt", "dptxbxtext"])
# Ignorable destinations, marked with \*, that hold words all the same.
NOT_IGNORED = {"shpinst", "footnote", "fldinst", "pntext", "do", "listtext", *BOXES}
SIGNS = {
    "tab": "\t",
    "line": "\n",
    "emdash": "—",
    "endash": "–",
    "lquote": "‘",
    "rquote": "’",
    "ldblquote": "“",
    "rdblquote": "”",
    "bullet": "•",
    "emspace": " ",
    "enspace": " ",
    "qmspace": " ",
    "nestcell": " ",
    "nestrow": "\n",
}
ESCAPED = {"~": "\u00a0", "_": "-", "{": "{", "}": "}", "\\": "\\", "\t": "\t"}
