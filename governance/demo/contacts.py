"""Whom the demonstration's readers can ask: a list for the whole school, and another for worries about staff."""

from __future__ import annotations

import datetime as dt
from functools import partial

from governance.demo.school import School
from governance.policies.contact_keeping import Contact, add_contact
from governance.policies.contacts import CHAIR, HEADTEACHER

_OFFICE_PHONE = "01632 960100"
# The one whose worries must not go to the headteacher alone.
_OWN = "WHI-01"


_NAMED_AGO = 100


def contacts_named(school: School) -> None:
    """The lists, some months ago."""
    school.on(school.days.ago(_NAMED_AGO), partial(_name, school))


def _name(school: School, at: dt.datetime) -> None:
    lead = school.posts["Designated safeguarding lead"]
    provider = Contact(
        "pay, leave and your contract", name="Severn HR", phone="01632 960200 ext 4", email="help@severn-hr.example"
    )
    head = Contact("what a policy asks of you", office=HEADTEACHER, phone=_OFFICE_PHONE, email="head@hillcrest.example")
    child = Contact("a worry about a child", post=lead, phone=f"{_OFFICE_PHONE} ext 12", email="dsl@hillcrest.example")
    chair = Contact(
        "a worry about how somebody behaves", office=CHAIR, email="chair@hillcrest.example", about_headteacher=True
    )
    for one in (head, child, provider, chair):
        add_contact(school.session, school.scope, school.maya, None, one, at)
    for one in (chair, child):
        add_contact(school.session, school.scope, school.helen, school.policies[_OWN], one, at)
