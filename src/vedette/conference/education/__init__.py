"""Material that teaches authors, chairs, organisers and provider staff, made from the policy data in several languages.

It says what the law in force says and no more, judges nobody, and loads nothing from other hosts. Grows by a folder in
``texts`` for a document and by a file in ``languages`` and one text a document for a language.
"""

from vedette.conference.education.model import Kit, KitError, Language, Level

__all__ = ["Kit", "KitError", "Language", "Level"]
