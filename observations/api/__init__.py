"""The mirror over REST: visits, observations, the dialogue profile."""
