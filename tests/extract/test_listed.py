"""Related policies that are given as a list of names, with and without the word policy."""

from __future__ import annotations

import pytest

from governance.extract.guesses import guess


def related(text: str) -> list[str]:
    lines = f"Uniform Policy\n\nWhat we wear.\n\n{text}\n\nTies may be borrowed from the office at any time.".split(
        "\n"
    )
    return [one.value for one in guess(lines).related_policies]


@pytest.mark.parametrize(
    "text, titles",
    [
        (
            "Links with other policies\n\nBehaviour\nSEND\nHealth and safety\n\nMonitoring\n\nThe headteacher looks at the log each term.",
            ["Behaviour", "SEND", "Health and safety"],
        ),
        (
            "Links with other policies\nBehaviour\nAttendance\nFollowing it up\nThe headteacher looks at the log and tells governors.",
            ["Behaviour", "Attendance"],
        ),
        (
            "# Links with other policies\n\nThis policy is linked with:\n\nBehaviour\n\nSpecial educational needs\n\n# Monitoring",
            ["Behaviour", "Special educational needs"],
        ),
        (
            "To be read with the following policies:\nBehaviour\nAnti-bullying\nComplaints procedure\n\nAIMS AND OBJECTIVES",
            ["Behaviour", "Anti-bullying", "Complaints procedure"],
        ),
        (
            "Other policies and procedures that may be needed are:\n\n- Drugs\n- Visitors\n- Pets policy",
            ["Drugs", "Visitors", "Pets policy"],
        ),
        ("Related policies:\n- Pets policy\n- DE Circular 2015/23", ["Pets policy"]),
        ("Related policies: Behaviour, SEND and Attendance", ["Behaviour", "SEND", "Attendance"]),
        ("Related policies: Behaviour, Health and Safety", ["Behaviour", "Health and Safety"]),
        ("Related policies\n\nIntroduction", []),
        ("Related policies\n\nWearing it well\n\nTies are worn every day of the week, and the knot is small.", []),
    ],
)
def test_names_alone_are_taken_from_a_list_and_the_next_heading_is_not(text: str, titles: list[str]) -> None:
    assert related(text) == titles


def test_a_name_alone_is_doubted() -> None:
    found = guess(["Uniform Policy", "", "Links with other policies", "", "Behaviour", "Attendance"]).related_policies
    assert [one.confidence < 0.9 for one in found] == [True, True]


@pytest.mark.parametrize(
    "text, titles",
    [
        (
            "Relationship to other policies: This policy complements our dinner policy, play policy and reading and spelling policy.",
            ["dinner policy", "play policy", "reading and spelling policy"],
        ),
        (
            "We have a number of policies that help with this. These are our Play Policy, our Pets Policy and our Food Policy.",
            ["Play Policy", "Pets Policy", "Food Policy"],
        ),
        (
            "Read in conjunction with the Personal, Social and Health Education Policy and supporting papers.",
            ["Personal, Social and Health Education Policy"],
        ),
        ("Ties lost at play are not replaced (see Lost Property Policy).", ["Lost Property Policy"]),
        ("Ties lost at play are not replaced (see Appendix 2).", []),
    ],
)
def test_names_are_taken_from_a_sentence(text: str, titles: list[str]) -> None:
    assert related(text) == titles
