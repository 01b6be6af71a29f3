"""Letters of the schools floor that leave at once, since they carry a key."""
