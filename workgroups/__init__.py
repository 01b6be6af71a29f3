"""The work: groups, meetings, goals and agreements."""
