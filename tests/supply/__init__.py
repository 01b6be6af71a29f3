"""What the product is made of besides our own lines: the lock, its licences, a list of parts, known weak spots."""
