"""Tests of the room that says what institutions of concern publish."""
