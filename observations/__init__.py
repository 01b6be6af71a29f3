"""The mirror: what a coach or the group itself saw, per aspect, never per person."""
