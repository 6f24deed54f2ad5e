"""Where the room touches data: the locked room in which rules run, and what people decided about rules."""

from vedette.detections.store.sandbox import Sandbox, lake_tables, tables_of_rows
from vedette.detections.store.sliced import SlicedRoom

__all__ = ["Sandbox", "SlicedRoom", "lake_tables", "tables_of_rows"]
