"""Tell what one group wrote on the papers that help with the cards."""

from __future__ import annotations

import datetime as dt
from typing import Any

from samenspraak.demo.telling import Year
from schools.roles import Member
from workgroups.actions import papers as actions
from workgroups.models import DecisionNote, WorkGroup

GROUP = "Begrijpend lezen"
WEEK = dt.timedelta(days=7)
KNOWN = (
    ("know", "In groep 6 haakt een derde af na de tweede bladzijde: geteld in drie lessen."),
    ("know", "Bij verhalen gebeurt dat minder dan bij informatieve teksten."),
    ("think", "De teksten gaan over dingen die onze leerlingen niet kennen."),
    ("think", "We stellen zelf de vragen, en dan lezen zij om ze te beantwoorden."),
)
TO_FIND = (
    ("Welke woorden kennen ze niet in de tekst van deze week?", "els"),
    ("Lezen ze thuis ook, en wat dan?", "carla"),
)
WRITTEN = {
    "routine": "De wekelijkse tekst met tien vragen",
    "aim_for_pupils": "Leerlingen begrijpen een tekst die ze nog niet kennen, en kunnen zeggen hoe ze dat deden.",
    "method": "Drie leerlingen hardop laten denken",
    "keep": "Samen de titel en de plaatjes lezen en voorspellen.",
    "change": "Vijf vragen in plaats van tien, en twee daarvan bedenken ze zelf.",
}
SOURCE = {
    "title": "Overzicht van onderzoek naar hardop denken",
    "where": "Uit de nascholing van oktober",
    "says": "Hardop denken door de leraar helpt, als leerlingen het daarna zelf doen.",
    "reliability": "Twaalf onderzoeken naast elkaar, de meeste uit het buitenland.",
    "fit": "De leerlingen waren even oud als die van ons. Of ze ook meertalig waren, staat er niet bij.",
}
INTERVIEW = {
    "whom": "De taalcoördinator van een school die anders leest",
    "questions": "Wat wilden jullie bereiken?\nWat ging er mis in het eerste jaar?\nHoe weten jullie dat het werkt?",
}
ANSWER = {
    "affirm": "Je wachtte na elke vraag. Drie leerlingen die nooit iets zeggen, kwamen met een antwoord.",
    "critique": "Na het eerste goede antwoord ging je door. Ik zag twee leerlingen die hun vinger weer lieten zakken.",
    "constructive": "Zou het helpen om eerst drie antwoorden te verzamelen? Ik doe het graag eens samen met je.",
}


def write(year: Year, *, now: dt.datetime) -> None:
    """Write the papers of the group that reads."""
    if year.group.name != GROUP:
        return
    els, carla = year.hat("els", now), year.hat("carla", now)
    _lay_out(year.group, els, carla, now=now)
    _weigh(year.group, "Welke teksten lezen we na de kerst?", els, now=now - WEEK)
    _decide(_weigh(year.group, "Hoe delen we de leesles in?", els, now=now - 6 * WEEK), els, now=now - 5 * WEEK)
    actions.review_routine(group=year.group, written=WRITTEN, by=carla, now=now - 2 * WEEK)
    actions.add_source(group=year.group, written=SOURCE, by=els, now=now - 3 * WEEK)
    actions.prepare_interview(group=year.group, written=INTERVIEW, may_record=True, by=carla, now=now - WEEK)
    _ask(year.group, els, carla, now=now)


def _lay_out(group: WorkGroup, els: Member, carla: Member, *, now: dt.datetime) -> None:
    question = "Waarom haken leerlingen af halverwege een tekst?"
    sheet = actions.start_sheet(group=group, question=question, by=els, now=now - 3 * WEEK)
    for column, text in KNOWN:
        actions.add_line(sheet=sheet, column=column, text=text, by=els, now=now - 3 * WEEK)
    people = {"els": els.user, "carla": carla.user}
    given: dict[str, Any] = {"sheet": sheet, "column": "find_out", "by": els, "now": now - 3 * WEEK}
    lines = [actions.add_line(**given, text=text, owner=people[short]) for text, short in TO_FIND]
    found = "Veertien woorden, vooral vaktaal. Nagevraagd bij zes leerlingen."
    actions.note_found(line=lines[0], found=found, by=els, now=now - WEEK)


def _weigh(group: WorkGroup, question: str, by: Member, *, now: dt.datetime) -> DecisionNote:
    vision = "Op De Wilg leren kinderen door te doen en erover te praten."
    note = actions.start_decision(group=group, question=question, vision=vision, by=by, now=now)
    for text, weight in (("Het past bij hoe we nu toetsen", 1), ("Het vraagt geen extra voorbereiding", 2)):
        actions.add_criterion(note=note, text=text, weight=weight, by=by, now=now)
    note = actions.open_options(note=note, by=by, now=now)
    criteria = [one.pk for one in note.criteria.order_by("-weight", "position")]
    for text, pros, cons, fits in (
        (
            "Zelf teksten kiezen bij het thema",
            "Sluit aan bij wat ze al weten",
            "Kost tijd om te zoeken",
            "well hardly partly",
        ),
        ("De methode blijven volgen", "Alles ligt klaar", "Teksten zeggen onze leerlingen weinig", "hardly well well"),
    ):
        option = actions.add_option(note=note, text=text, by=by, now=now)
        written = {"text": text, "pros": pros, "cons": cons}
        told = dict(zip(criteria, fits.split(), strict=True))
        actions.weigh_option(option=option, written=written, fits=told, version=None, by=by, now=now)
    return note


def _decide(note: DecisionNote, by: Member, *, now: dt.datetime) -> None:
    other = "Wie parttime werkt, ziet vooral het zoekwerk. Een gedeelde map zou daarbij helpen."
    actions.hear_other_view(note=note, other_view=other, version=None, by=by, now=now)
    actions.decide(
        note=note,
        decision="We kiezen zelf een tekst bij het thema, om de week.",
        because="Leerlingen lezen door als ze iets herkennen. Om de week houdt het zoeken te doen.",
        conditions="Een map met teksten die we samen vullen.",
        by=by,
        now=now,
    )


def _ask(group: WorkGroup, els: Member, carla: Member, *, now: dt.datetime) -> None:
    question = "Je zag mijn leesles dinsdag. Wanneer kregen ze ruimte om zelf te denken, en wanneer niet?"
    asked = actions.ask_feedback(group=group, giver=els.user, question=question, by=carla, now=now - 2 * WEEK)
    actions.give_feedback(request=asked, **ANSWER, ground="saw", by=els, now=now - WEEK)
    question = "Gaf ik als voorzitter vorige keer iedereen de tijd om uit te praten?"
    actions.ask_feedback(group=group, giver=carla.user, question=question, by=els, now=now)
