"""What the program says: one line each on standard error, with its instant in UTC and the name of its log."""

import logging
import time


def speak() -> None:
    """Give each line an instant and a name, unless somebody has set logging up already. Python alone writes the bare words."""
    root = logging.getLogger()
    if root.handlers:
        return
    form = logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s", "%Y-%m-%dT%H:%M:%SZ")
    form.converter = time.gmtime
    handler = logging.StreamHandler()
    handler.setFormatter(form)
    root.addHandler(handler)
