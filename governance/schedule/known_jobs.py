"""Every job of this program. Importing this module registers them; a further job is a module of its own, named here."""

from governance.schedule import asked as asked
from governance.schedule import inspecting as inspecting
from governance.schedule import monday as monday
from governance.schedule import owner_mail as owner_mail
from governance.schedule import packing as packing
from governance.schedule import reminding as reminding
from governance.schedule import reports as reports
from governance.schedule import several as several
from governance.schedule import team_digest as team_digest
