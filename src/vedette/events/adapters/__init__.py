"""Readers of one product's raw log each: record in, event out. Added by adding a folder; see docs/how-to/add-a-log-adapter.md."""
