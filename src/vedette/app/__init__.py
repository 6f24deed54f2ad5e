"""Composition: settings, the list of rooms, and every act that needs two rooms."""
