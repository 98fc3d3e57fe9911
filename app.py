"""The application that servers and `flask --app app` start."""

from governance.web import knocking
from governance.web.factory import create_app

app = create_app()
knocking.begin(app)
