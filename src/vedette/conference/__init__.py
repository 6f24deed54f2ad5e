"""Submissions, ties, policies tried before they are adopted, and decisions by people; the kit that teaches stands in ``education``."""

__all__: list[str] = []
