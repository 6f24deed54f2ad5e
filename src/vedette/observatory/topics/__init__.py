"""What a title says of civilian and military potential, with the phrases and the paragraphs of control lists that they touch.

Reads titles and abstracts only: no author, address or country. Grows by one file under ``policy/controls/``.
"""

from vedette.observatory.topics.classify import classify
from vedette.observatory.topics.model import Found, Level, Potential

__all__ = ["Found", "Level", "Potential", "classify"]
