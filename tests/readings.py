"""What a child process read out of a file, kept for a run: tests of what follows from it upload the same few files.

Reading is a function of the file alone, with tests of its own, in which every file is read anew. Here the first test
that asks has it read, in a child as always. A refusal is not kept.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import uuid4

from governance.child import Limits


def read_once(run: Callable[..., bytes], folder: Path) -> Callable[..., bytes]:
    """`governance.child.run`, but for what another test had read, in whichever process; answers go into `folder`."""

    def known(module: str, payload: bytes, limits: Limits, **words: Any) -> bytes:
        kept = folder / hashlib.sha256(f"{module} {limits} ".encode() + payload).hexdigest()
        if kept.exists():
            return kept.read_bytes()
        answer = run(module, payload, limits, **words)
        written = folder / uuid4().hex
        written.write_bytes(answer)
        written.rename(kept)
        return answer

    return known
