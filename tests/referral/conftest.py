"""The directory and the people of Saint-Mars."""

import pytest

from tests.people.conftest import Files
from tests.referral.places import Desk, Journey


@pytest.fixture
def files(saint_mars):
    return Files(saint_mars)


@pytest.fixture
def desk(saint_mars):
    return Desk(saint_mars)


@pytest.fixture
def journey(saint_mars, files):
    return Journey(saint_mars, files)
