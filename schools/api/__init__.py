"""Schools, boards, people and accounts over REST."""
