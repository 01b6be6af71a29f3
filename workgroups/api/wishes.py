"""One's own letters over REST: which one wants, when, and what they tell one's calendar."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import exceptions, serializers
from rest_framework.request import Request
from rest_framework.response import Response

from schools import bodies, post, queries as schools, rest as doors, scopes
from workgroups import actions, queries
from workgroups.api import rules

ALARMS = (15, 60, 1440)


class LetterSort(serializers.Serializer[Any]):
    """A sort of letters that can be turned off."""

    name = serializers.CharField(help_text="For `wanted`.")
    title = serializers.CharField(help_text="What they are about, in the caller's language.")
    help = serializers.CharField(allow_blank=True, help_text="What turning them off means; may be empty.")
    is_wanted = serializers.BooleanField(help_text="Whether the caller gets them.")


class GroupHears(rules.Rule):
    """When one of the caller's groups hears its agreements."""

    school = serializers.SlugField(help_text="The school, for addresses.")
    group = serializers.IntegerField(min_value=1, help_text="The group's id.")
    name = serializers.CharField()
    when = serializers.ChoiceField(choices=rules.HOLDS_WHEN)


class LetterWishes(rules.Rule):
    """What the caller wants to hear by mail, and when."""

    when = serializers.ChoiceField(choices=rules.OWN_WHEN, help_text="`group`: the rules in `groups` hold.")
    sorts = LetterSort(many=True, help_text="Every sort that can be turned off.")
    digest_at = bodies.WallTime(
        allow_null=True,
        help_text="At what time of day all that can wait comes together; null: each letter at its own time.",
    )
    calendar_part = serializers.BooleanField(help_text="Whether letters bring the meeting for one's calendar.")
    agreements_in_calendar = serializers.BooleanField(
        help_text="Whether the calendar gets the agreements, too: whoever sees it can read them then."
    )
    alarm_minutes = serializers.IntegerField(
        allow_null=True, help_text="An alarm so many minutes before a meeting: 15, 60 or 1440; null: none."
    )
    groups = GroupHears(many=True, help_text="When each of the caller's groups hears, by name.")


@extend_schema_field({"type": ["integer", "null"], "enum": [*ALARMS, None]})
class Alarm(bodies.Number):
    """Minutes before a meeting, out of a few; null: none."""

    def to_internal_value(self, data: Any) -> int:
        """The minutes."""
        minutes = super().to_internal_value(data)
        if minutes not in ALARMS:
            raise exceptions.ValidationError(_("Choose one of the answers."))
        return minutes


class WishesToSet(rules.SentRule):
    """What the caller wants from now on, whole."""

    when = serializers.ChoiceField(choices=rules.OWN_WHEN)
    wanted = bodies.Many(
        child=serializers.ChoiceField(choices=()),
        max_length=50,
        help_text="The sorts that are wanted; those missing are not.",
    )
    digest_at = bodies.WallTime(
        allow_null=True,
        help_text="Between 7:00 and 20:00; null: each letter at its own time. News always comes at once.",
    )
    calendar_part = bodies.YesNo(help_text="Whether letters bring the meeting for one's calendar.")
    agreements_in_calendar = bodies.YesNo(help_text="Whether the calendar gets the agreements, too.")
    alarm_minutes = Alarm(allow_null=True, help_text="An alarm before a meeting; null: none.")

    def get_fields(self) -> dict[str, Any]:
        """The sorts that there are, once every floor has named its own."""
        fields = super().get_fields()
        wanted: Any = fields["wanted"]
        wanted.child.choices = [(one.name, one.title) for one in post.sorts()]
        return fields


class LettersView(doors.Door):
    """The caller's own letters."""

    area = scopes.Area.ACCOUNT

    @extend_schema(operation_id="read_letter_wishes", tags=["letters"], responses=LetterWishes)
    def get(self, request: Request) -> Response:
        """What the caller wants to hear by mail, when, and what letters tell the calendar. Their language: `me/`."""
        return self._told()

    @extend_schema(operation_id="change_letter_wishes", tags=["letters"], request=WishesToSet, responses=LetterWishes)
    def put(self, request: Request) -> Response:
        """Choose for oneself; the letters that wait get their new time.

        Letters without a choice still come: that a meeting moves or is off, for who heard of it, and keys to sign in.
        """
        sent = self.sent(WishesToSet)
        names = ("digest_at", "calendar_part", "agreements_in_calendar", "alarm_minutes")
        wishes = {name: sent[name] for name in names}
        unwanted = {one.name for one in post.sorts()} - set(sent["wanted"])
        actions.choose_letters(rule=rules.rule_of(sent), unwanted=unwanted, **wishes, by=self.caller, now=self.now)
        return self._told()

    def _told(self) -> Response:
        wishes, unwanted = schools.wishes_of(self.caller), schools.unwanted_by(self.caller.pk)
        own = queries.own_rule(self.caller)
        rule = rules.told(own) if own else {**rules.told(None), "when": rules.GROUP}
        around = queries.rules_around(self.caller, now=self.now)
        return Response(
            {
                **rule,
                "sorts": [_sort(one, is_wanted=one.name not in unwanted) for one in post.sorts()],
                "digest_at": wishes.digest_at and f"{wishes.digest_at:%H:%M}",
                "calendar_part": wishes.calendar_part,
                "agreements_in_calendar": wishes.agreements_in_calendar,
                "alarm_minutes": wishes.alarm_minutes,
                "groups": [
                    {
                        "school": one.group.school.slug,
                        "group": one.group_id,
                        "name": one.group.name,
                        **rules.told(queries.told_by(one) if one.is_on else None),
                    }
                    for one in around
                ],
            }
        )


def _sort(one: post.Sort, *, is_wanted: bool) -> dict[str, Any]:
    return {"name": one.name, "title": str(one.title), "help": str(one.help), "is_wanted": is_wanted}
