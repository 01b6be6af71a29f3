"""What the post has to survive, done to it for real: `make faults`."""
