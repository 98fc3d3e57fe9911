"""Every screen, in the order in which a school meets them. To add one: a module here with `screen`, and its name below."""

from __future__ import annotations

from importlib import import_module

from flask import Flask

SCREENS = (
    "front",
    "home",
    "one_time_link",
    "by_link",
    "register",
    "text_search",
    "policy",
    "website_copy",
    "contacts",
    "preparation",
    "new_version",
    "several",
    "documents",
    "read",
    "my_reading",
    "calendar",
    "calendar_feed",
    "meetings",
    "my_meetings",
    "planner",
    "meetings_planning",
    "meetings_decisions",
    "meetings_minutes",
    "decisions",
    "amended_text",
    "delegation",
    "bodies",
    "people",
    "people_import",
    "people_jobs",
    "people_absences",
    "posts",
    "reading",
    "readers",
    "reading_links",
    "asking",
    "reminders",
    "paper",
    "front_desk",
    "front_desk_visitor",
    "front_desk_poster",
    "front_desk_settings",
    "front_desk_tablet",
    "reception",
    "tablet",
    "sheets",
    "training",
    "packs",
    "pack_recipients",
    "pack_link",
    "reports",
    "inspection",
    "asked",
    "scheduled",
    "settings_page",
    "categories",
    "school_time",
    "roles",
)


def install(app: Flask) -> None:
    """Register every screen's views."""
    for name in SCREENS:
        app.register_blueprint(import_module(f"governance.web.{name}").screen.blueprint)
