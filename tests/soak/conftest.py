"""The promises at their full figures, for `./dev soak`; an ordinary run of the tests does not look in here."""

import os

collect_ignore_glob = [] if os.environ.get("COUNTERSIGN_SOAK") == "1" else ["test_*.py"]
