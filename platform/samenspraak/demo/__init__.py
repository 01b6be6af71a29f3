"""The demo: a school year of two schools, told by the same cast as the tests."""
