"""The figures of a page as a test reads them."""

import re

from tenants.indicator_words import ONE
from tenants.indicators import CATALOGUE
from tests.servers import plain

FIG = re.compile(r'<div class="fig"><dt>([^<]+)</dt><dd(?: class="guarded(?: words)?")?>([^<]+)</dd>')


def catalogued(name):
    """The label of the catalogue for a name that may agree with one."""
    return {plain(str(one)): plain(str(CATALOGUE[code].label)) for code, one in ONE.items()}.get(name, name)


def tiles(text):
    """The figures of a French page in their order, {label: value}: by the label of the catalogue, also where it agrees with one."""
    return {catalogued(name): value for name, value in FIG.findall(text)}
