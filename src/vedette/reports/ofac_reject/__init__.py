"""One kind of report; see report.py."""
