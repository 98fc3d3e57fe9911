"""Promise 4 at reception: however often and in however many processes a visitor's signature arrives, it makes one receipt."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select

from governance import clock
from governance.db import reading, writing
from governance.people.models import Person
from governance.reading.models import Acknowledgement
from governance.reception.addresses import make_address, secret_of
from governance.reception.models import VisitReceipt
from tests.promises.serving import Browser, Served, token_in
from tests.reception.desk_room import RITA, TITLES, furnish
from tests.web.reception_room import ARRIVAL, signed_in_page

KEY = "a key for tests and for nothing else, long enough"
TIMES, PROCESSES = 20, 4


@pytest.mark.engines("sqlite", "postgresql")
def test_twenty_parallel_posts_of_one_signature_make_one_person_and_one_receipt(
    app: Flask, database_url: str, tmp_path: Path
) -> None:
    with app.app_context(), writing() as session:
        desk = furnish(session, today=clock.today())
        address = make_address(session, desk.scope, RITA, KEY, now=clock.now())
        path = f"/reception/{secret_of(KEY, address.public_id)}"
        text = f"{path}/reading/{desk.version(session, TITLES[0]).public_id}"
    with Served(database_url, tmp_path / "served", PROCESSES) as server, ThreadPoolExecutor(TIMES) as hands:
        browser = Browser(server.port)
        browser.token = token_in(browser.get(path)[1])
        assert browser.post(path, ARRIVAL)[0] == 302
        form = signed_in_page(browser.get(text)[1], text)
        browser.token = form.pop("csrf_token")
        answers = list(hands.map(lambda _: browser.post(text, form), range(TIMES)))
        assert {status for status, _, _ in answers} == {302}
        assert len({led_to for _, _, led_to in answers}) == 1
    with app.app_context(), reading() as session:
        for model in (Acknowledgement, Person, VisitReceipt):
            assert session.scalar(select(func.count(model.id))) == 1
