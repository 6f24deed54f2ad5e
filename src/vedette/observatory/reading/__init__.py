"""Tools that every publication source reads with. Bytes in, records out; no files and no network."""

from vedette.observatory.reading.json_records import json_records
from vedette.observatory.reading.tables import cell, rows, text_lines, text_of
from vedette.observatory.reading.words import (
    RecordFault,
    abstract_of,
    address_of,
    addresses_of,
    codes_of,
    doi_of,
    plain,
    split,
    title_of,
    year_of,
)
from vedette.observatory.reading.xml_records import inner, xml_records

__all__ = ["RecordFault", "abstract_of", "address_of", "addresses_of", "cell", "codes_of", "doi_of", "inner"]
__all__ += ["json_records", "plain", "rows", "split", "text_lines", "text_of", "title_of", "xml_records", "year_of"]
