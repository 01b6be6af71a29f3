"""The framework's own way to PostgreSQL, with one more verb."""
