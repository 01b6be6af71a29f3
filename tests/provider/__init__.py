"""A real OpenID provider, run by the tests in a process of its own."""
