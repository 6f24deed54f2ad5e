"""Tests of the room watchlists."""
