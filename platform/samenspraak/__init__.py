"""Samenspraak: reflective dialogue for working groups of teachers."""
