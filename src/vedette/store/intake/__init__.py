"""Reads a stranger's export file against a form: typed rows in, refused rows apart, nothing lost on the way.

``form`` says what is expected, ``files`` looks a file over, ``read`` reads it; the fast way and the careful way give the same rows.
"""

from vedette.store.intake.files import LONGEST_LINE, export_files, fingerprint, format_of, opened, whole
from vedette.store.intake.form import Field, FileRefused, Form, Reading, Refusal
from vedette.store.intake.read import read, write_refused

__all__ = [
    "LONGEST_LINE",
    "Field",
    "FileRefused",
    "Form",
    "Reading",
    "Refusal",
    "export_files",
    "fingerprint",
    "format_of",
    "opened",
    "read",
    "whole",
    "write_refused",
]
