"""Reading an edition from its catalogue files, and saying in which line what does not fit. Writes nothing."""

from cards.reading.books import CATALOGUE, SOURCE_LANGUAGE, Books, read_edition, read_standard
from cards.reading.problems import CatalogueError, Problem
from cards.reading.shape import COUNTS, KINDS

__all__ = [
    "CATALOGUE",
    "COUNTS",
    "KINDS",
    "SOURCE_LANGUAGE",
    "Books",
    "CatalogueError",
    "Problem",
    "read_edition",
    "read_standard",
]
