"""The application that servers and `flask --app app` start."""

import gc

from governance.web import knocking
from governance.web.factory import create_app

app = create_app()
# What the application is made of stays; going through it again for garbage costs a request ten milliseconds or more.
gc.freeze()
# A page makes some thousands of objects that go with it; the next look for garbage may wait for a few pages.
gc.set_threshold(50_000, 20, 20)
knocking.begin(app)
