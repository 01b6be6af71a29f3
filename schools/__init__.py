"""Who and where: boards, schools, people, and how they are reached."""
