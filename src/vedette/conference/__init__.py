"""Submissions, ties, policies tried before they are adopted, and decisions by people; the kit that teaches stands in ``education``.

Screening says what to ask; it decides nothing and reads no name. Grows by one folder under ``sources/`` a form of submissions.
"""

from vedette.conference.model import Action, Author, ConferenceError, Reading, Service, Statement, Submission

__all__ = ["Action", "Author", "ConferenceError", "Reading", "Service", "Statement", "Submission"]
