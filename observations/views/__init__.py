"""The pages of visits and profiles."""
