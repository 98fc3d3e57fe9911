"""Composing: three templates and some values make a frozen Letter, a Letter makes a message. Nothing is sent here.

values → templates/emails/<name>.subject.txt, .txt, .html → Letter → EmailMessage
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from typing import Any

from jinja2 import Environment

from governance.errors import Refusal
from governance.mail.headers import address, filename, header_text, shortened
from governance.render.environment import environment as house_environment


@dataclass(frozen=True)
class Attachment:
    """A file that goes with a mail. Its bytes are kept by their hash when the letter is queued."""

    filename: str
    media_type: str
    content: bytes


@dataclass(frozen=True)
class Letter:
    """One mail to one address, complete. `kind` names its templates and what a person sees it was."""

    kind: str
    to: str
    subject: str
    text: str
    html: str
    attachments: tuple[Attachment, ...] = ()
    to_person: str | None = None


def compose(
    kind: str,
    *,
    to: str,
    school: str,
    values: Mapping[str, Any],
    attachments: tuple[Attachment, ...] = (),
    to_person: str | None = None,
    environment: Environment | None = None,
) -> Letter:
    """Render the three templates of a kind of mail. The school's name comes first in every subject.

    Args:
        kind: file name in `templates/emails/`, without endings.
        to: one plain address.
        school: the school's name as it writes it.
        values: what the templates name; `school` is added.
        attachments: files to go with it.
        to_person: public id of the person, where it is for one.
        environment: other templates than the house's own.

    Raises:
        Refusal: when the address or the subject cannot stand in a header.
        jinja2.UndefinedError: for a value that a template names and `values` lacks: a mistake in the code.
    """
    known = {**values, "school": school}
    house = environment or house_environment()
    about, text, html = (
        house.get_template(f"emails/{kind}.{ending}").render(known) for ending in ("subject.txt", "txt", "html")
    )
    subject = header_text(shortened(f"{school}: {about.strip()}"))
    return Letter(
        kind=kind,
        to=address(to),
        subject=subject,
        text=text.strip() + "\n",
        html=html.strip() + "\n",
        attachments=attachments,
        to_person=to_person,
    )


def sender(display_name: str, mailbox: str) -> str:
    """A From header that shows the school's name beside the installation's one address.

    Raises:
        Refusal: when the name or the address cannot stand in a header.
    """
    local, _, domain = address(mailbox).partition("@")
    return str(Address(header_text(display_name, "sender"), local, domain))


def message(letter: Letter, from_: str, message_id: str, date: dt.datetime) -> EmailMessage:
    """The letter as it goes over the wire: plain text and HTML of the same words, then the attachments.

    Args:
        letter: what to say to whom.
        from_: the From header, from `sender`.
        message_id: with its angle brackets; the same for every attempt, so that a second copy can be recognised.
        date: when it is handed over (aware).

    Raises:
        Refusal: when a header is not safe. Checked again here, since letters come back from the outbox.
    """
    mail = EmailMessage(policy=SMTP.clone(cte_type="7bit"))
    mail["From"] = header_text(from_, "sender")
    mail["To"] = address(letter.to)
    mail["Subject"] = header_text(letter.subject)
    mail["Date"] = format_datetime(date)
    mail["Message-ID"] = header_text(message_id, "identifier")
    # RFC 3834: asks holiday responders and ticket systems not to answer a program.
    mail["Auto-Submitted"] = "auto-generated"
    mail["X-Auto-Response-Suppress"] = "All"
    mail.set_content(letter.text, cte="quoted-printable")
    mail.add_alternative(letter.html, subtype="html", cte="quoted-printable")
    for attachment in letter.attachments:
        _attach(mail, attachment)
    return mail


def _attach(mail: EmailMessage, attachment: Attachment) -> None:
    maintype, slash, subtype = attachment.media_type.partition(";")[0].strip().partition("/")
    if not slash or not (maintype + subtype).replace("-", "").replace(".", "").replace("+", "").isalnum():
        raise Refusal.one(f"{attachment.filename} has no usable media type.", "attachments")
    mail.add_attachment(attachment.content, maintype, subtype, filename=filename(attachment.filename))
