"""Papers that a school or a board needs: what it agrees on with its council, an assessment, an annex to a contract.

What they state about the product is read from where the product reads it: who_sees, council.Figures, schools.retention.
"""

from __future__ import annotations

from samenspraak.papers.annex import ANNEX
from samenspraak.papers.arrangement import ARRANGEMENT
from samenspraak.papers.dpia import DPIA
from samenspraak.papers.kinds import Paper

PAPERS: dict[str, Paper] = {paper.key: paper for paper in (ARRANGEMENT, DPIA, ANNEX)}
