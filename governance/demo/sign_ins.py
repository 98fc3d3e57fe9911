"""Who can sign in to the demonstration school. The password is shown to everybody, since everybody in it is made up."""

from __future__ import annotations

from dataclasses import dataclass

from governance.accounts.inviting import invite, set_password, sign_in_name
from governance.accounts.permissions import Role
from governance.demo.school import School
from governance.tenancy import Actor

PASSWORD = "hillcrest demonstration"  # noqa: S105  # shown on the screen that loads it


@dataclass(frozen=True)
class SignIn:
    """A person of the demonstration, as the screen and the command line list them."""

    who: str
    email: str
    password: str


_PERSONAS: dict[str, tuple[str, tuple[Role, ...]]] = {
    "Maya Lund": ("school business manager", (Role.SYSTEM_MANAGER,)),
    "James Okafor": ("headteacher", (Role.HEADTEACHER,)),
    "Helen Brandt": ("clerk to the governors", (Role.CLERK,)),
    "Tariq Iqbal": ("chair of governors", (Role.GOVERNOR,)),
    "Sam Achebe": ("HR", (Role.HR,)),
    "Sunita Kaur": ("front desk", (Role.FRONT_DESK,)),
    "Tess Marlow": ("teacher", ()),
    "Viv Okoro": ("volunteer without e-mail, by printed reference", ()),
}


def accounts_opened(school: School, password_hash: str) -> list[SignIn]:
    """An account for each of them, with its one-time link spent on the password."""
    made = []
    for name, (what, roles) in _PERSONAS.items():
        person = school.people[name]
        address = sign_in_name(person, school.scope)
        at = school.set_up_at
        invitation = invite(
            school.session, school.scope, school.maya, email=address, roles=roles, person=person, now=at
        )
        assert invitation.token is not None
        account = set_password(school.session, invitation.token, password_hash, now=at)
        school.actors[name] = Actor(name, account.id, person.id)
        made.append(SignIn(f"{name}, {what}", address, PASSWORD))
    return made
