"""The pages that are measured, by name."""

PAGES = {
    "register": "/hillcrest/register",
    "coverage": "/hillcrest/reading",
    "overdue": "/hillcrest/reading/overdue",
}
TARGETS = {"coverage": 1.3}
