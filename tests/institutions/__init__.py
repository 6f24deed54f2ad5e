"""Tests of the room that says which institution is meant."""
