"""python -m tests.bench: how long things take, each beside its bare equivalent in the same run, as a ratio.

a page          the same statements on a raw cursor and an f-string a row, on the same server, signed in alike
coverage SQL    the same counts from a ready-made table of pairs, both statements on a raw cursor
CSV             the same statements on a raw cursor, straight into the csv module
a pack          one WeasyPrint call on the same HTML; "pack" measures one of forty policies
requests        the bare register page, under the same granian
"""

from __future__ import annotations

import csv
import gc
import io
import os
import sqlite3
import statistics
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from flask import Flask
from flask.testing import FlaskClient
from pypdf import PdfReader
from weasyprint import CSS, HTML

from governance import clock
from governance.db import reading, writing
from governance.packs.printing import printed
from governance.reading.queries import coverage_rows, facts_of
from governance.reports.catalogue import CATALOGUE
from governance.reports.formats.csv import csv as as_csv
from governance.settings import Settings
from governance.tenancy import Scope
from tests.bench import in_play, intake, load, pack, school
from tests.bench.bare import Bench, fetched
from tests.bench.pages import PAGES, TARGETS
from tests.bench.pairs import Compared, compare
from tests.conftest import make_application
from tests.databases import close, migrate
from tests.packs import oakfield, single_shot
from tests.reading import ready_made
from tests.web.people import sign_in

KEY = "a key for the bench and for nothing else, long enough"


def main() -> None:
    """Measure and print; "intake" measures how well facts are detected in documents instead, "pack" a large pack."""
    for name, other in (("intake", intake.main), ("pack", pack.main)):
        if name in sys.argv[1:]:
            other()
            return
    with tempfile.TemporaryDirectory(prefix="countersign-bench-") as folder:
        file = Path(folder) / "bench.db"
        settings = Settings(Path(folder), f"sqlite:///{file}", "http://localhost", KEY, scheduler=False)
        migrate(settings.database_url)
        app = make_application(settings, WTF_CSRF_ENABLED=False)
        bench = Bench(app, str(file), PAGES)
        with app.app_context(), writing() as session:
            large = school.build(session)
        with sqlite3.connect(file) as connection:
            connection.execute("ANALYZE")
        gc.collect()
        gc.freeze()  # these two as app.py does
        gc.set_threshold(50_000, 20, 20)
        client = app.test_client()
        assert sign_in(client, large.email).status_code == 303
        bench.learn(client)
        print(
            f"{school.PEOPLE} people, {school.POLICIES} policies, {school.YEARS} years of versions; medians of pairs\n"
        )
        for found in measured(app, bench, client, large.scope, str(file)):
            print(found, flush=True)
        print(requests(client, file), flush=True)
        close(app)


def measured(app: Flask, bench: Bench, client: FlaskClient, scope: Scope, file: str) -> Iterator[Compared]:
    """Everything that needs no server."""
    for name, path in PAGES.items():
        yield page(client, name, path)
    yield coverage_sql(app, bench, scope, file)
    with app.app_context(), reading() as session:
        yield in_play.measured(session, scope, Path(file))
    for name in ("overdue", "read"):
        yield csv_export(app, bench, scope, name, file)
    yield pack_pages()


def page(client: FlaskClient, name: str, path: str) -> Compared:
    """A page, and its bare twin."""

    def ours() -> None:
        assert client.get(path).status_code == 200

    def bare() -> None:
        assert client.get(f"/hillcrest/bench/{name}").status_code == 200

    return compare(f"{name} page", ours, bare, pairs=21, target=TARGETS.get(name))


def coverage_sql(app: Flask, bench: Bench, scope: Scope, file: str) -> Compared:
    """The counting statement, and the same counts from a table that somebody would have to keep."""
    day = clock.today(scope.time_zone)
    cursor = sqlite3.connect(file).cursor()
    with app.app_context():
        with writing() as session:
            ready_made.make(session, facts_of(session, scope, day), day)
        with reading() as session:
            derived = bench.statements(coverage_rows(session, scope, day))
            return compare(
                "coverage SQL (bare: a ready-made table)",
                lambda: fetched(cursor, derived),
                lambda: fetched(cursor, [(str(ready_made.READ), ())]),
                pairs=21,
                times=10,
                target=1.5,
            )


def csv_export(app: Flask, bench: Bench, scope: Scope, name: str, file: str) -> Compared:
    """A report from the rows to the file, and the same statements from a raw cursor into the csv module."""
    day, now = clock.today(scope.time_zone), clock.now()
    cursor = sqlite3.connect(file).cursor()
    with app.app_context(), reading() as session:

        def ours() -> bytes:
            session.expunge_all()
            return as_csv(CATALOGUE[name].gather(session, scope, day, now))

        statements = bench.statements(ours)

        def bare() -> bytes:
            held = io.StringIO()
            csv.writer(held).writerows(fetched(cursor, statements))
            return held.getvalue().encode()

        rows = len(CATALOGUE[name].gather(session, scope, day, now).rows)
        return compare(f"CSV export of {name} ({rows:,} rows)", ours, bare, pairs=9, times=2, target=2)


def pack_pages() -> Compared:
    """A pack of six policies by our door, in children with limits, and one WeasyPrint call on the same HTML."""
    six = oakfield.pack(items=tuple(replace(oakfield.social_media(), reference=f"HR-{n}") for n in range(6)))
    html, styles = single_shot.html(six), [CSS(string=style) for style in single_shot.styles(six)]

    def bare() -> None:
        HTML(string=html).write_pdf(stylesheets=styles, pdf_variant="pdf/ua-1", pdf_tags=True)

    found = compare("review pack", lambda: printed(six), bare, pairs=5, times=1)
    pages = len(PdfReader(io.BytesIO(printed(six))).pages)
    note = f"{pages} pages: {pages / found.ours:.1f} pages/s, bare {pages / found.bare:.1f}"
    return Compared(found.name, found.ours, found.bare, found.ratio, note=note)


def requests(client: FlaskClient, file: Path) -> str:
    """The register page a second under granian, and its bare twin."""
    cookie = client.get_cookie("countersign")
    assert cookie is not None
    environment = {
        "DATABASE_URL": f"sqlite:///{file}",
        "COUNTERSIGN_INSTANCE": str(file.parent),
        "COUNTERSIGN_BASE_URL": "http://127.0.0.1",
        "COUNTERSIGN_SECRET_KEY": KEY,
        "COUNTERSIGN_SCHEDULER": "off",
        "BENCH_COOKIE": cookie.value,
    }
    sent = f"countersign={cookie.value}"
    ours, bare = [], []
    with load.granian("tests.bench.served:app", environment) as port:
        for turn in range(6):
            found = [
                load.requests_a_second(port, path, sent) for path in (PAGES["register"], "/hillcrest/bench/register")
            ]
            if turn:
                ours.append(found[0])
                bare.append(found[1])
    ratio = statistics.median(b / a for a, b in zip(ours, bare, strict=True))
    return (
        f"{'register under granian, ' + str(os.cpu_count()) + ' workers':44} {statistics.median(ours):9.1f} requests/s  "
        f"bare {statistics.median(bare):9.1f} requests/s  ratio {ratio:5.2f}"
    )


if __name__ == "__main__":
    main()
