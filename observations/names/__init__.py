"""Whether words name somebody of this school (C13). Pure: it asks a question, it never changes a text."""

from observations.names.known import Known, Person, known
from observations.names.search import Flag, Why, find

__all__ = ["Flag", "Known", "Person", "Why", "find", "known"]
