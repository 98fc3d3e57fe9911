"""The refusal for a document that cannot be taken in."""

from __future__ import annotations

from governance.errors import Objection, Refusal


class UnreadableDocument(Refusal):
    """A file that the house will not store; the message is a plain sentence for the person who chose it."""

    def __init__(self, message: str) -> None:
        super().__init__([Objection(message, "document")])
        self.message = message
