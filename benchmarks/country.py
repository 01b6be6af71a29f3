"""A whole country to measure on: 8,000 schools at scale 1, and the same in small; always the same rows.

Straight into PostgreSQL, since a million meetings through the front door take days. Nothing is left to chance: what
differs from row to row follows from its number. `python -m benchmarks.country --scale 0.01` fills the database of
DATABASE_URL, unless there are other people in it.
"""

from __future__ import annotations

import argparse
import datetime as dt
import sys
import time
from collections.abc import Callable
from typing import Any

import django
from django.core.management import call_command
from django.db import connection
from django.utils import timezone

SCHOOLS, SEATS, GROUPS, MEETINGS, NEXT = 8_000, 7, 5, 30, 27
PEOPLE = SEATS * GROUPS
# Every fourth group meets tomorrow at a quarter past three: 10,000 meetings, 70,000 reminders due in one minute.
_PEAK = "(g %% 4 = 1)"

# Each table's rows by the numbers of groups (g), people (u), meetings (m) and schools (s); ids follow from them.
_STEPS: dict[str, str] = {
    "schools_board": "(id, number, name) SELECT b, 40000 + b, 'Bestuur ' || b FROM generate_series(1, %(boards)s) b",
    "schools_school": """(id, board_id, name, place, slug, region, time_zone, language)
        SELECT s, (s - 1) / 8 + 1, 'School ' || s, 'Plaats ' || s %% 500, 'school-' || s,
               (ARRAY['north', 'middle', 'south'])[s %% 3 + 1],
               CASE WHEN s %% 400 = 0 THEN 'America/Curacao' ELSE 'Europe/Amsterdam' END, 'nl'
          FROM generate_series(1, %(schools)s) s""",
    "schools_user": """(id, password, email, given_name, infix, family_name, nickname, language, is_active)
        SELECT u, '!', 'persoon' || u || '@land.example', 'Voornaam', '', 'Achternaam' || u, '',
               CASE WHEN u %% 50 = 0 THEN 'en' ELSE '' END, true FROM generate_series(1, %(people)s) u""",
    "schools_membership": """(id, school_id, user_id, role, from_date)
        SELECT u, (u - 1) / 35 + 1, u,
               CASE (u - 1) %% 35 WHEN 0 THEN 'leader' WHEN 1 THEN 'admin' WHEN 2 THEN 'coach' WHEN 32 THEN 'coach'
                    ELSE 'teacher' END, %(day)s::date - 400 FROM generate_series(1, %(people)s) u""",
    "schools_boardmembership": """(board_id, user_id, from_date)
        SELECT b, (b - 1) * 280 + 2, %(day)s::date - 400 FROM generate_series(1, %(boards)s) b""",
    "workgroups_workgroup": """(id, school_id, name, theme, kind, present_practice, desired_practice, state,
                                ended_because, chair_rotates, version)
        SELECT g, (g - 1) / 5 + 1, 'Werkgroep ' || g, 'Een thema van ' || g, 'working_group', '', '', 'active', '',
               false, 1 FROM generate_series(1, %(groups)s) g""",
    "workgroups_reminderrule": """(id, school_id, group_id, is_on, follows_school, days_before, at)
        SELECT g, (g - 1) / 5 + 1, g, true, true, 1, '16:00' FROM generate_series(1, %(groups)s) g""",
    "workgroups_seat": """(id, school_id, group_id, user_id, is_chair, ask_me_about, from_date)
        SELECT u, (u - 1) / 35 + 1, (u - 1) / 7 + 1, u, u %% 7 = 1, '', %(day)s::date - 400
          FROM generate_series(1, %(people)s) u""",
    "workgroups_focusperiod": """(id, school_id, group_id, aspect_id, why, state, started_on, version)
        SELECT g, (g - 1) / 5 + 1, g, (SELECT id FROM aspects WHERE number = g %% 6 + 1), 'Daarom', 'live',
               %(day)s::date - 60, 1 FROM generate_series(1, %(groups)s) g""",
    "workgroups_goal": """(id, school_id, group_id, period_id, position, text, state, set_on, version)
        SELECT (g - 1) * 2 + n, (g - 1) / 5 + 1, g, g, n, 'Iedereen komt aan het woord over vraag ' || n, 'live',
               %(day)s::date - 60, 1 FROM generate_series(1, %(groups)s) g, generate_series(1, 2) n""",
    "workgroups_agreement": """(id, school_id, group_id, goal_id, slot, text, state, agreed_on, version)
        SELECT (g - 1) * 3 + n, (g - 1) / 5 + 1, g, (g - 1) * 2 + n %% 2 + 1, n,
               'Eerst stellen we een vraag, dan pas zeggen we wat we zelf vinden (' || n || ')', 'live',
               %(day)s::date - 60, 1 FROM generate_series(1, %(groups)s) g, generate_series(1, 3) n""",
    "workgroups_meeting": f"""(id, school_id, group_id, day, time, minutes, time_zone, starts_at, place, title, state,
                               schedule_version, uid, moved_alone)
        SELECT id, s, g, day, at, 60, zone, (day + at) AT TIME ZONE zone, 'Teamkamer', '',
               CASE WHEN m < %(next)s THEN 'held' ELSE 'planned' END, 1, md5('meeting' || id)::uuid, false
          FROM (SELECT (g - 1) * 30 + m AS id, (g - 1) / 5 + 1 AS s, g, m,
                       %(day)s::date + (m - %(next)s) * 10
                         + CASE WHEN m < %(next)s THEN 0 WHEN {_PEAK} THEN 1 ELSE 2 + g %% 7 END AS day,
                       CASE WHEN {_PEAK} THEN '15:15'::time ELSE '13:00'::time + g %% 9 * interval '15 min' END AS at
                  FROM generate_series(1, %(groups)s) g, generate_series(1, 30) m) told
          JOIN (SELECT id AS school, time_zone AS zone FROM schools_school) zones ON school = s""",
    "workgroups_opener": """(id, school_id, group_id, meeting_id, opened_at)
        SELECT id, school_id, group_id, id, starts_at FROM workgroups_meeting WHERE (id - 1) %% 30 + 1 BETWEEN 24 AND 26
        """,
    "workgroups_closer": """(id, school_id, group_id, meeting_id, closed_at, skipped_because)
        SELECT id, school_id, group_id, id, starts_at + interval '1 hour', '' FROM workgroups_meeting
         WHERE (id - 1) %% 30 + 1 BETWEEN 24 AND 26""",
    "workgroups_agreementcheck": """(school_id, group_id, closer_id, agreement_id, outcome)
        SELECT c.school_id, c.group_id, c.id, (c.group_id - 1) * 3 + n,
               (ARRAY['kept', 'partly', 'not', 'no_occasion'])[(c.id + n) %% 4 + 1]
          FROM workgroups_closer c, generate_series(1, 3) n""",
    "workgroups_goalcheck": """(school_id, group_id, closer_id, goal_id, outcome)
        SELECT c.school_id, c.group_id, c.id, (c.group_id - 1) * 2 + n,
               (ARRAY['not_yet', 'on_the_way'])[(c.id + n) %% 2 + 1]
          FROM workgroups_closer c, generate_series(1, 2) n""",
    "observations_visit": """(id, school_id, group_id, meeting_id, coach_id, purpose, own_words, group_words, asks,
                              state, version, proposed_at, accepted_for, target_minutes, listening_since, shared_at)
        SELECT (g - 1) * 2 + n, m.school_id, g, m.id, (m.school_id - 1) * 35 + CASE g %% 5 WHEN 1 THEN 33 ELSE 3 END,
               'support', '', '', 'group', 'shared', 5, m.starts_at - interval '9 days', m.starts_at, 20, m.starts_at,
               m.starts_at + interval '3 hours'
          FROM generate_series(1, %(groups)s) g, generate_series(1, 2) n, workgroups_meeting m
         WHERE m.id = (g - 1) * 30 + 18 + n * 3""",
    "observations_observation": """(id, school_id, group_id, visit_id, listened, version, updated_at)
        SELECT md5('visit' || id)::uuid, school_id, group_id, id, 20, 1, shared_at FROM observations_visit""",
    "observations_behaviourmark": """(school_id, group_id, observation_id, behaviour_id, degree)
        SELECT v.school_id, v.group_id, md5('visit' || v.id)::uuid, b.id, NULLIF((v.id + b.number) %% 5, 0)
          FROM observations_visit v, behaviours b""",
    "observations_aspectreading": """(school_id, group_id, visit_id, aspect_id, halves)
        SELECT v.school_id, v.group_id, v.id, a.id, NULLIF((v.id + a.number) %% 8 + 1, 1)
          FROM observations_visit v, aspects a""",
    "observations_feedbackpair": """(school_id, group_id, observation_id, position, strong_aspect_id, strong,
                                     improvement_aspect_id, improvement)
        SELECT v.school_id, v.group_id, md5('visit' || v.id)::uuid, 1, a.id, 'Jullie vroegen door', a.id, 'Wacht'
          FROM observations_visit v JOIN aspects a ON a.number = v.id %% 6 + 1""",
    "observations_selfscan": """(id, school_id, group_id, edition_id, way, state, opened_on, closes_at, closed_on)
        SELECT (g - 1) * 5 + n, (g - 1) / 5 + 1, g, (SELECT min(edition_id) FROM aspects), 'sealed', 'revealed',
               %(day)s::date - 90 * n, %(day)s::date - 90 * n + 7, %(day)s::date - 90 * n + 7
          FROM generate_series(1, %(groups)s) g, generate_series(1, 5) n""",
    "observations_snapshot": """(id, school_id, group_id, scan_id, respondents)
        SELECT id, school_id, group_id, id, 7 FROM observations_selfscan""",
    "observations_scanreading": """(school_id, group_id, snapshot_id, behaviour_id, is_sealed, halves, spread)
        SELECT t.school_id, t.group_id, t.id, b.id, true, NULLIF((t.id + b.number) %% 6 + 2, 2), ''
          FROM observations_snapshot t, behaviours b""",
    "observations_pointanswer": """(school_id, group_id, pair_id, side, answer, answered_on)
        SELECT school_id, group_id, id, side, 'recognised', %(day)s::date - 50
          FROM observations_feedbackpair, unnest(ARRAY['strong', 'improvement']) side""",
    # Of the whole, and where that is shared of the two latest rounds.
    "observations_sharedecision": """(school_id, group_id, scan_id, decided_on, shares)
        SELECT (g - 1) / 5 + 1, g, (g - 1) * 5 + n, %(day)s::date - 30, g %% 3 > 0
          FROM generate_series(1, %(groups)s) g, (VALUES (NULL), (1), (2)) rounds (n) WHERE n IS NULL OR g %% 3 > 0""",
    "workgroups_helprequest": """(school_id, group_id, kind, text, state, asked_on, answer, answered_by_id,
                                  answered_on, version)
        SELECT s, g, (ARRAY['time', 'data', 'expert', 'school'])[g %% 4 + 1], 'Wie weet een school die dit al doet?',
               CASE WHEN gone THEN 'answered' ELSE 'asked' END, %(day)s::date - 20,
               CASE WHEN gone THEN 'Ik bel morgen met de school om de hoek.' ELSE '' END,
               CASE WHEN gone THEN (s - 1) * 35 + 1 END, CASE WHEN gone THEN %(day)s::date - 10 END, 1
          FROM (SELECT g, (g - 1) / 5 + 1 AS s, n = 1 AS gone FROM generate_series(1, %(groups)s) g,
                       generate_series(1, 2) n) asked""",
    # Reminders of the last five meetings, which left, and of the four to come.
    "schools_delivery": """(school_id, key, kind, subject_id, version, user_id, due_at, expires_at, state, reason,
                            attempts, doubts, next_try_at, message_id, message_date, sent_at)
        SELECT m.school_id, 'reminder:' || m.id || ':1:' || u || ':mail', 'reminder', m.id, 1, u, due, m.starts_at,
               CASE WHEN gone THEN 'sent' ELSE 'waiting' END, '', gone::int, 0, due,
               CASE WHEN gone THEN '<' || m.id || '.' || u || '@land.example>' ELSE '' END,
               CASE WHEN gone THEN due END, CASE WHEN gone THEN due END
          FROM workgroups_meeting m, generate_series((m.group_id - 1) * 7 + 1, m.group_id * 7) u,
               LATERAL (SELECT m.day - 1 - GREATEST(extract(isodow FROM m.day - 1)::int - 5, 0) AS eve) day_of_school,
               LATERAL (SELECT (eve + time '16:00') AT TIME ZONE m.time_zone AS due, m.state = 'held' AS gone) told
         WHERE (m.id - 1) %% 30 + 1 > 21""",
}
_DUE = """
INSERT INTO schools_delivery (school_id, key, kind, subject_id, version, user_id, due_at, expires_at, state, reason,
                              attempts, doubts, next_try_at, message_id)
SELECT m.school_id, 'reminder:' || m.id || ':1:' || u || ':mail', 'reminder', m.id, 1, u, %(due)s, m.starts_at,
       'waiting', '', 0, 0, %(due)s, ''
  FROM workgroups_meeting m, generate_series((m.group_id - 1) * 7 + 1, m.group_id * 7) u
 WHERE (m.id - 1) %% 30 + 1 = %(next)s AND u <= %(letters)s ORDER BY m.id, u
"""


def now() -> dt.datetime:
    """This moment; the country is always that of today."""
    return timezone.now()


def today() -> dt.date:
    """The eve of the peak."""
    return timezone.localdate()


def fill(
    scale: float, *, day: dt.date, told: Callable[[str], Any] = print, without: tuple[str, ...] = ()
) -> dict[str, int]:
    """Empty all tables of people and write the country as it is on this day; rows per table.

    ``day`` is the eve of the peak. Tables whose names begin with one of ``without`` stay empty.
    """
    numbers = _numbers(scale)
    written: dict[str, int] = {}
    with connection.cursor() as cursor:
        cursor.execute(f"TRUNCATE {', '.join(_STEPS)} CASCADE")
        _deal_the_cards(cursor)
        cursor.execute("SET session_replication_role = replica")  # foreign keys hold by their making
        for table, rows in _STEPS.items():
            if not table.startswith(without or (" ",)):
                written[table] = _write(cursor, table, rows, {**numbers, "day": day, "next": NEXT}, told)
        cursor.execute("SET session_replication_role = DEFAULT")
        cursor.execute("VACUUM ANALYZE")
    return written


def make_due(letters: int, *, now: dt.datetime) -> int:
    """Empty the ledger and write the reminders of the next meetings as due a minute ago; returns how many."""
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE schools_delivery RESTART IDENTITY")
        cursor.execute(_DUE, {"due": now - dt.timedelta(minutes=1), "letters": letters, "next": NEXT})
        count: int = cursor.rowcount
        cursor.execute("VACUUM ANALYZE schools_delivery")
        return count


def _numbers(scale: float) -> dict[str, int]:
    schools = max(8, round(SCHOOLS * scale))
    return {"schools": schools, "boards": -(-schools // 8), "people": schools * PEOPLE, "groups": schools * GROUPS}


def _deal_the_cards(cursor: Any) -> None:
    """The public deck, with its lines numbered through."""
    call_command("load_deck", verbosity=0)
    deck = "FROM cards_edition e JOIN cards_aspect a ON a.edition_id = e.id"
    cursor.execute("DROP TABLE IF EXISTS aspects, behaviours")
    cursor.execute(f"CREATE TEMP TABLE aspects AS SELECT a.* {deck} WHERE e.is_public")
    lines = "JOIN cards_behaviour b ON b.aspect_id = a.id"
    number = "row_number() OVER (ORDER BY a.number, b.position)"
    cursor.execute(f"CREATE TEMP TABLE behaviours AS SELECT b.id, {number} AS number FROM aspects a {lines}")


def _write(cursor: Any, table: str, rows: str, numbers: dict[str, Any], told: Callable[[str], Any]) -> int:
    began = time.monotonic()
    cursor.execute(f"INSERT INTO {table} {rows}", numbers)
    count: int = cursor.rowcount
    cursor.execute("SELECT pg_get_serial_sequence(%s, 'id')", [table])
    if sequence := cursor.fetchone()[0]:
        cursor.execute(f"SELECT setval(%s, (SELECT max(id) FROM {table}))", [sequence])
    told(f"{table:32} {count:>10,} rows {time.monotonic() - began:7.1f} s")
    return count


def stands(scale: float) -> bool:
    """Whether the database holds the country of this size already, as far as pages read it."""
    expected = _numbers(scale)
    with connection.cursor() as cursor:
        cursor.execute("SELECT (SELECT count(*) FROM schools_school), (SELECT count(*) FROM schools_board)")
        if cursor.fetchone() != (expected["schools"], expected["boards"]):
            return False
        cursor.execute("SELECT EXISTS (SELECT 1 FROM workgroups_helprequest)")
        return bool(cursor.fetchone()[0])


def main() -> None:
    """Fill the database of DATABASE_URL; it must hold no people yet."""
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("--scale", type=float, default=0.01)
    words.add_argument("--to-read", action="store_true", help="without the ledger, and only where it is not there yet")
    told = words.parse_args()
    with connection.cursor() as cursor:
        cursor.execute("SELECT EXISTS (SELECT 1 FROM schools_user WHERE email NOT LIKE '%@land.example')")
        if cursor.fetchone()[0]:
            sys.exit("There are people in this database: the country wants an empty one.")
    if not (told.to_read and stands(told.scale)):
        fill(told.scale, day=today(), without=("schools_delivery",) if told.to_read else ())


if __name__ == "__main__":
    django.setup()
    main()
