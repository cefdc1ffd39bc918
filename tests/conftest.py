"""Shared by all tests: how thoroughly properties are tried, and the reference data where it is there."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

ROOT = Path(__file__).resolve().parents[1]
SHARED = ROOT.parent / "shared"

# No deadlines: on a busy machine the time of one example says nothing about the property.
# The same examples every time: what is found once is found again; look for more with --hypothesis-seed and a profile of your own.
settings.register_profile("project", deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("project")


@pytest.fixture(scope="session")
def repository() -> Path:
    """The checkout's top folder."""
    return ROOT


@pytest.fixture(scope="session")
def shared() -> Path:
    """The reference data beside the checkout; a test that needs it is skipped where it is not there."""
    if not SHARED.is_dir():
        pytest.skip("the reference data is not beside this checkout (../shared)")
    return SHARED
