"""The API's description as a stranger wants it: introduced, in order, with examples; and the pages that show it."""
