"""The application that servers and `flask --app app` start."""

import gc

from governance.web import knocking
from governance.web.factory import create_app

app = create_app()
# What the application is made of stays; going through it again for garbage costs a request ten milliseconds or more.
gc.freeze()
knocking.begin(app)
