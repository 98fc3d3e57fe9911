"""A folder of documents that somebody sent in at once, looked into while nobody waits.

{"held": the folder}     each file's note is written as soon as it is known, so that a page can show how far it is
"""

from __future__ import annotations

from governance.accounts.permissions import Permission
from governance.db import reading, writing
from governance.errors import NotFound
from governance.intake.several import read_on
from governance.render.words import plural
from governance.schedule.jobs import Context, Outcome, job

READ_SEVERAL = "read_several"
GONE = "The files were let go before all of them were read. Nothing was recorded."


@job(READ_SEVERAL, "Several documents to read", opens=lambda _: Permission.KEEP_POLICIES)
def read_several(context: Context) -> Outcome:
    """Look into every file that waits. What is noted beside a file is the same whoever reads it, however often."""
    try:
        read = read_on(reading, writing, context.scope, context.payload["held"], context.now, context.progress)
    except NotFound:
        return Outcome(GONE)
    return Outcome(f"{plural(read, 'file')} read. Nothing is recorded before somebody confirms it.")
