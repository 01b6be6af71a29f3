"""The work over REST: who I am, groups, meetings, goals and agreements."""
