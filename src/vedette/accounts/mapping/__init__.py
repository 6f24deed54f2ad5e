"""From a stranger's own exports to DESIGN section 4: propose a mapping, let a person edit it, apply it.

Guesses nothing in silence: what it cannot know stands in the file as a question. Grows by words in ``data/mapping_*.tsv``.
"""

from vedette.accounts.mapping.apply import apply
from vedette.accounts.mapping.model import FILE_NAME, ColumnMapping, FileMapping, Mapping, MappingError
from vedette.accounts.mapping.propose import propose
from vedette.accounts.mapping.read import mapping_of, read_mapping
from vedette.accounts.mapping.write import text_of, write_mapping

__all__ = [
    "FILE_NAME",
    "ColumnMapping",
    "FileMapping",
    "Mapping",
    "MappingError",
    "apply",
    "mapping_of",
    "propose",
    "read_mapping",
    "text_of",
    "write_mapping",
]
