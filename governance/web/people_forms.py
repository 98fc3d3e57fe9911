"""The forms about people that several screens share, and the lists they choose from."""

from __future__ import annotations

import datetime as dt

from governance.db import db
from governance.people.categories import categories
from governance.people.jobs import Job
from governance.people.models import Category, Person
from governance.people.queries import PersonRef, everyone
from governance.people.rules import Details
from governance.tenancy import in_school as one_of
from governance.web.access import scope
from governance.web.forms import Choice, DayField, EmailField, Form, TextField, needed

NOBODY = ("", "Nobody")
DAY_HINT = "For example 1 September 2027 or 01/09/2027."


class DetailsForm(Form):
    """Who somebody is."""

    given_name = TextField("Given name")
    family_name = TextField("Family name", description="For somebody with one name, leave the other one empty.")
    email = EmailField("E-mail address", description="Leave empty for people who read on paper or a shared tablet.")
    staff_number = TextField("Staff number", description="Leave empty for volunteers and others without one.")

    def details(self) -> Details:
        """What was typed."""
        return Details(self.given_name.data or "", self.family_name.data or "", self.email.data, self.staff_number.data)


class JobForm(Form):
    """A job."""

    category = Choice("Category", [needed("Choose a category.")])
    job_title = TextField("Job title")
    started_on = DayField("First day", [needed("Enter the first day of the job.")], description=DAY_HINT)
    ended_on = DayField("Last day", description="The last day in school. Leave empty while it is not known.")
    line_manager = Choice("Line manager")
    agency = TextField("Agency", description="For supply and agency staff: who sends them.")

    def job(self) -> Job:
        """What was typed and chosen.

        Raises:
            NotFound: for a category or manager of another school.
        """
        return Job(
            one_of(db.session(), Category, scope(), self.category.data),
            day_in(self.started_on),
            self.ended_on.data,
            self.job_title.data or "",
            one_of(db.session(), Person, scope(), self.line_manager.data) if self.line_manager.data else None,
            self.agency.data or "",
        )


def day_in(field: DayField) -> dt.date:
    """The day in a field that may not be left empty, after its form was found good."""
    assert field.data is not None
    return field.data


def with_choices(form: JobForm) -> JobForm:
    """The school's own categories and people to choose from."""
    form.category.choices = [("", "Choose a category"), *category_choices()]
    form.line_manager.choices = [NOBODY, *people_choices()]
    return form


def category_choices() -> list[tuple[str, str]]:
    """The school's categories in its order."""
    return [(category.public_id, category.name) for category in categories(db.session(), scope())]


def people_choices(as_of: dt.date | None = None) -> list[tuple[str, str]]:
    """People by family name; those of one name are told apart by their number."""
    return [(person.public_id, called(person)) for person in everyone(db.session(), scope(), as_of=as_of)]


def called(person: PersonRef) -> str:
    """A name as a list to choose from shows it."""
    return f"{person.family_name}, {person.given_name} ({person.number})".removeprefix(", ")
