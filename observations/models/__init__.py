"""The rows of the mirror: visits, what the coach noted and what was given back."""

from observations.models.observation import AspectNote, AspectReading, BehaviourMark, FeedbackPair, Observation
from observations.models.visit import ShareDecision, Visit

__all__ = ["AspectNote", "AspectReading", "BehaviourMark", "FeedbackPair", "Observation", "ShareDecision", "Visit"]
