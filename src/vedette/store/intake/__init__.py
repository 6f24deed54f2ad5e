"""Reads a stranger's export file against a form: typed rows in, refused rows apart, nothing lost on the way.

``form`` says what is expected, ``source`` looks the bytes over, ``csv_rows`` and ``json_rows`` split them, ``separate`` types them;
``sql_rows`` makes such a file of a query, ``objects`` fetches files from a bucket.
"""

from vedette.store.intake.files import export_files, fingerprint, format_of
from vedette.store.intake.form import LONGEST_LINE, Field, FileRefused, Form, Limits, Reading, Refusal
from vedette.store.intake.quoting import exactly
from vedette.store.intake.read import read, write_refused
from vedette.store.intake.source import Source, blemish, marked, shown

__all__ = [
    "LONGEST_LINE",
    "Field",
    "FileRefused",
    "Form",
    "Limits",
    "Reading",
    "Refusal",
    "Source",
    "blemish",
    "exactly",
    "export_files",
    "fingerprint",
    "format_of",
    "marked",
    "read",
    "shown",
    "write_refused",
]
