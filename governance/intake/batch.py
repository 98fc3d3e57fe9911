"""Many files examined in one child, since starting an interpreter costs more than reading a policy.

payload   a line of JSON, [[filename, length] …], then the bytes of every file, one after another (`reading_in` makes it)
answer    JSON: for each file the text that `extract.examine` gives for it
"""

from __future__ import annotations

import json

from governance.extract import examine


def answer(payload: bytes) -> bytes:
    """Each file's own answer, in order; a refused file harms no other."""
    header, _, rest = payload.partition(b"\n")
    answers: list[str] = []
    at = 0
    for name, length in json.loads(header):
        one = json.dumps({"filename": name}).encode() + b"\n" + rest[at : at + length]
        answers.append(examine.answer(one).decode())
        at += length
    return json.dumps(answers, ensure_ascii=False).encode()
