"""The product's own tests, on real parts: PostgreSQL, Redis and Chromium."""
