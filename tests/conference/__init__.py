"""Tests of the room conference."""
