from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from governance.extract.titles import cited_titles, clean_title, same_title, title_key


@pytest.mark.parametrize(
    "one, other",
    [
        ("Anti -Bullying Policy", "Anti-bullying policy"),
        ("Policy on Anti Bullying", "Antibullying Policy"),
        ("Complaints Procedure", "Complaints Policy"),
        ("Complaint procedures", "The School's Complaints Procedure"),
        ("Safeguarding and Child Protection Policy", "Child protection and safeguarding policy and procedures"),
        ("Staff Code of Conduct Policy", "Code of Conduct for Staff"),
        ("SEND Policy", "Special Educational Needs and Disability (SEND) Policy"),
        ("Whistle-blowing", "Whistleblowing Policy"),
        ("On-line Safety", "Online Safety Policy"),
        ("Health & Safety", "Health and Safety Policy 2024-25"),
        ("Teachers’ Pay Policy", "Teacher's Pay Policy"),
        ("Keeping Children Safe in Education 2024", "KCSIE"),
        ("Behaviour policy (2023)", "BEHAVIOUR POLICY"),
        ("E-Safety", "esafety policy v2"),
        ("[Mobile Phone Policy](#)", "Mobile phones policy."),
    ],
)
def test_one_document_is_recognised_however_its_title_is_typed(one: str, other: str) -> None:
    assert same_title(one, other)


@pytest.mark.parametrize(
    "one, other",
    [
        ("Mobile Phone Policy", "Acceptable Use Policy"),
        ("Parent Code of Conduct", "Staff Code of Conduct"),
        ("Accessibility Plan", "Accessibility Policy"),
        ("Policy 001", "Policy 010"),
        ("Policy", "Procedure"),
        ("Behaviour Policy", "Behaviour principles written statement"),
        ("Safeguarding Policy", "Safeguarding and Child Protection Policy"),
        ("", ""),
    ],
)
def test_two_documents_stay_two(one: str, other: str) -> None:
    assert not same_title(one, other)


@pytest.mark.parametrize(
    "line, titles",
    [
        (
            "[Managing Aggressive Behaviour Policy / Parent Code of Conduct](#)",
            ["Managing Aggressive Behaviour Policy", "Parent Code of Conduct"],
        ),
        ("- Behaviour / Exclusion Policy", ["Behaviour Policy", "Exclusion Policy"]),
        ("Safeguarding Policy/Behaviour Policy", ["Safeguarding Policy", "Behaviour Policy"]),
        ("Home/School Agreement", ["Home/School Agreement"]),
        ("Parents/Carers Policy", ["Parents/Carers Policy"]),
        ("- [Anti -Bullying Policy](#)", ["Anti-Bullying Policy"]),
        ("  ", []),
    ],
)
def test_a_cited_line_names_one_document_or_two(line: str, titles: list[str]) -> None:
    assert cited_titles(line) == titles


@pytest.mark.parametrize(
    "text, shown",
    [
        ("Anti -Bullying Policy", "Anti-Bullying Policy"),
        ("•  Attendance policy;", "Attendance policy"),
        ("**Pay Policy**, and", "Pay Policy"),
        ("a) First Aid Policy.", "First Aid Policy"),
        ("Grievance – staff", "Grievance – staff"),
    ],
)
def test_a_title_is_shown_without_marks_and_stray_spaces(text: str, shown: str) -> None:
    assert clean_title(text) == shown


@given(
    st.lists(
        st.sampled_from("safeguarding child protection behaviour attendance lettings".split()), min_size=1, unique=True
    )
)
def test_word_order_never_matters(words: list[str]) -> None:
    assert title_key(" ".join(words)) == title_key("Policy on " + " AND ".join(reversed(words)))


@given(st.text(max_size=60))
def test_any_text_has_a_key_and_cited_titles_without_breaking(text: str) -> None:
    assert title_key(text) == title_key(text.strip())
    assert all(cited_titles(text))
