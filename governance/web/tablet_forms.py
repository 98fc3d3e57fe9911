"""The forms of the shared tablet: who is at it, what they sign, and the way out of it."""

from __future__ import annotations

from governance.web.forms import Form, HiddenField, PasswordField, TextField, needed


class WhoForm(Form):
    """Who is at the tablet."""

    name = TextField("Your name", [needed("Type your name.")])
    number = TextField(
        "Your staff number or printed reference",
        [needed("Type your staff number, or the reference printed on your sheet.")],
        description="For example 1042, or K7M-4QX",
    )


class SignatureForm(Form):
    """The act, never filled in beforehand; whose turn the page was opened in, and what was on it."""

    typed_name = TextField("Type your name")
    turn = HiddenField()
    documents = HiddenField()
    text = HiddenField()
    wording = HiddenField()


class LeaveForm(Form):
    """The password of whoever started the tablet."""

    password = PasswordField("Password", [needed("Type the password.")])
