"""The rows of the mirrors: visits and what was given back, self-scans and pulses of the group itself."""

from observations.models.correction import Correction
from observations.models.debrief import Debrief, PointAnswer
from observations.models.observation import AspectNote, AspectReading, BehaviourMark, FeedbackPair, Observation
from observations.models.pulse import Pulse, PulseAnswer, PulseElector, PulseReading
from observations.models.selfscan import Elector, Remark, ScanAnswer, ScanReading, SelfScan, Snapshot
from observations.models.visit import ShareDecision, Visit

__all__ = [
    "AspectNote",
    "AspectReading",
    "BehaviourMark",
    "Correction",
    "Debrief",
    "Elector",
    "FeedbackPair",
    "Observation",
    "PointAnswer",
    "Pulse",
    "PulseAnswer",
    "PulseElector",
    "PulseReading",
    "Remark",
    "ScanAnswer",
    "ScanReading",
    "SelfScan",
    "ShareDecision",
    "Snapshot",
    "Visit",
]
