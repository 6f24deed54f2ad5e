"""The starting points of the journeys, for tests of the acts that need two rooms."""

from tests.journeys.conftest import _apart, bare, equipped, provider, worked, worked_once

__all__ = ["_apart", "bare", "equipped", "provider", "worked", "worked_once"]
