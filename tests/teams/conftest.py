"""Alice's team, and what its people do in one line each."""

from __future__ import annotations

import pytest

from storefront.accounts.models import Workspace
from tests.cast import Cast
from tests.worlds import make_team


@pytest.fixture
def team(cast: Cast) -> Workspace:
    """Press: alice owns it, carol edits, bob views."""
    return make_team(cast.alice, "press", editor=cast.carol, viewer=cast.bob)
