"""What people fill in about themselves, and the version that a form carries along."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from typing import Any

from django import forms
from django.conf import settings
from django.contrib.auth import password_validation
from django.utils.translation import get_language_info, gettext_lazy as _

from schools import actions, addresses, codes, refusals
from schools.models import User
from schools.models.place import Region
from schools.roles import Role


def _own_names() -> list[tuple[str, str]]:
    """Each language by the name its speakers give it."""
    return [(code, get_language_info(code)["name_local"].capitalize()) for code, _name in settings.LANGUAGES]


class LanguageForm(forms.Form):
    """In which language the product speaks to somebody, on every device and in letters."""

    language = forms.ChoiceField(label=_("Language"), choices=_own_names, widget=forms.RadioSelect)


def _as_long_as(field: str) -> int | None:
    longest: int | None = getattr(User._meta.get_field(field), "max_length", None)
    return longest


def _one_line(typed: str) -> str:
    """A name without breaks and signs that nobody sees; in one form of its accents."""
    shown = (" " if unicodedata.category(sign)[0] in "CZ" else sign for sign in unicodedata.normalize("NFC", typed))
    return " ".join("".join(shown).split())


class NameForm(forms.Form):
    """By which names colleagues and letters know somebody."""

    given_name = forms.CharField(label=_("First name"), max_length=_as_long_as("given_name"))
    infix = forms.CharField(
        label=_("Name prefix"), help_text=_("Such as van der"), max_length=_as_long_as("infix"), required=False
    )
    family_name = forms.CharField(label=_("Last name"), max_length=_as_long_as("family_name"), required=False)
    nickname = forms.CharField(
        label=_("What colleagues call you"),
        help_text=_("If that is not your first name"),
        max_length=_as_long_as("nickname"),
        required=False,
    )

    def clean(self) -> dict[str, Any]:
        """Names in one line; the first one says something."""
        names = {name: _one_line(typed) for name, typed in (super().clean() or {}).items()}
        if "given_name" in names and not names["given_name"]:
            self.add_error("given_name", self.fields["given_name"].error_messages["required"])
        return names


class AddressForm(forms.Form):
    """Another e-mail address for oneself."""

    email = forms.CharField(label=_("New e-mail address"), max_length=addresses.LONGEST)

    def clean_email(self) -> str:
        """The address as we write addresses."""
        try:
            return addresses.clean(self.cleaned_data["email"])
        except refusals.Refused as refused:
            raise forms.ValidationError(str(refused.sentence)) from refused


class Versioned(forms.Form):
    """A form about words that others can change too: ``version`` is the one that the writer read.

    Start it with ``initial={"version": row.version, ...}``, put it on the page with the other fields
    (``{{ form.version }}``) and hand ``cleaned_data["version"]`` to the action, which raises refusals.Conflict.
    """

    version = forms.IntegerField(required=False, widget=forms.HiddenInput)


class Told:
    """The words of a choice, with a hint underneath."""

    def __init__(self, words: Any, hint: Any = "") -> None:
        """Keep both."""
        self.words, self.hint = words, hint

    def __str__(self) -> str:
        """The words alone."""
        return str(self.words)


_ROLES = {
    Role.TEACHER: Told(_("Teacher"), _("Takes part in working groups")),
    Role.COACH: Told(_("Coach"), _("Visits meetings and gives feedback, where the group says yes")),
    Role.LEADER: Told(_("School leader"), _("Starts groups and sees what they share")),
    Role.ADMIN: Told(_("School admin"), _("Looks after people and roles")),
}
_ODD_DAY = _("This is not a day in the calendar. Choose another.")
_AT_ONCE, _LATER = "now", "later"
_ENDS = (
    (_AT_ONCE, Told(_("From today on"), _("The person can do nothing with it any more, at once"))),
    (_LATER, Told(_("After a last day"), _("Until then everything stays as it is"))),
)
MOST_AT_ONCE = 50


def _tiles(label: Any, choices: Iterable[tuple[str, Any]], missing: Any, **options: Any) -> forms.ChoiceField:
    errors = {"required": missing, "invalid_choice": missing}
    return forms.ChoiceField(label=label, choices=choices, widget=forms.RadioSelect, error_messages=errors, **options)


def _day(label: Any, **options: Any) -> forms.DateField:
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(label=label, widget=widget, required=False, error_messages={"invalid": _ODD_DAY}, **options)


class RoleForm(forms.Form):
    """A role, out of those that may be given."""

    role = _tiles(_("As what?"), (), _("Choose one of these."))

    def __init__(self, *args: Any, may: Iterable[Role], **kwargs: Any) -> None:
        """Offer these roles; a single one is chosen already."""
        super().__init__(*args, **kwargs)
        offered = [(role.value, _ROLES[role]) for role in may]
        self.fields["role"].choices = offered  # type: ignore[attr-defined]
        if len(offered) == 1:
            self.fields["role"].initial = offered[0][0]

    def clean_role(self) -> Role:
        """The role itself."""
        return Role(self.cleaned_data["role"])


class PeopleForm(forms.Form):
    """Whom to invite, one on a line."""

    people = forms.CharField(
        label=_("Whom do you invite?"),
        help_text=_("One e-mail address on a line. With a name too, if you like: Bram de Vries <bram@school.example>"),
        widget=forms.Textarea(attrs={"rows": 4, "autocapitalize": "off", "spellcheck": "false"}),
        max_length=20_000,
        error_messages={"required": _("Write down at least one address.")},
    )

    def clean_people(self) -> list[tuple[str, dict[str, str]]]:
        """Each address with the parts of the name, once; says of every line that does not fit what is wrong."""
        lines = [line.strip() for line in re.split(r"[\n,;]+", self.cleaned_data["people"]) if line.strip()]
        if not lines:
            raise forms.ValidationError(_("Write down at least one address."))
        if len(lines) > MOST_AT_ONCE:
            raise forms.ValidationError(_("These are more than fifty. Do it in parts, or import a list."))
        found: dict[str, dict[str, str]] = {}
        unfit: dict[str, str] = {}
        for line in lines:
            try:
                email, names = _address_on(line)
            except refusals.Refused as wrong:
                unfit[line] = _("“%(line)s”: %(why)s") % {"line": line[:80], "why": wrong.sentence}
            else:
                found.setdefault(email, names)
        if unfit:
            raise forms.ValidationError(list(unfit.values()))
        return list(found.items())

    def invitees(self, role: Role) -> list[actions.Invitee]:
        """The people as the action takes them."""
        return [actions.Invitee(email, role, **names) for email, names in self.cleaned_data["people"]]


class InviteForm(PeopleForm, RoleForm):
    """Whom to invite, and as what."""

    field_order = ("people", "role")


def _address_on(line: str) -> tuple[str, dict[str, str]]:
    """The address on a line, bare or in angle brackets behind a name."""
    name, bracket, rest = line.partition("<")
    if not bracket:
        return addresses.clean(line), {}
    names = actions.split_name(name.strip().strip('"')) if name.strip() else {}
    return addresses.clean(rest.rstrip("> ")), names


class PaperForm(RoleForm):
    """Somebody without an e-mail address, who gets a code on paper."""

    name = forms.CharField(label=_("Name"), max_length=160, error_messages={"required": _("Write down the name.")})
    field_order = ("name", "role")

    def clean_name(self) -> dict[str, str]:
        """The parts of the name."""
        try:
            return actions.split_name(self.cleaned_data["name"])
        except refusals.Refused as wrong:
            raise forms.ValidationError(str(wrong.sentence)) from wrong


class RoleEndForm(forms.Form):
    """When a role or a time at a school ends; ``sure`` is asked where no admin would be left."""

    when = _tiles(_("When?"), _ENDS, _("Choose one of the two."))
    last_day = _day(_("Last day"), help_text=_("Only with a last day"))
    sure = forms.BooleanField(
        label=_("I know that the school then has no administrator"),
        help_text=_("An administrator of the board can still look after it"),
        required=False,
    )

    def __init__(self, *args: Any, asks: bool = False, **kwargs: Any) -> None:
        """Ask whether one is sure only where it matters."""
        super().__init__(*args, **kwargs)
        if not asks:
            self.fields.pop("sure")

    def clean(self) -> dict[str, Any]:
        """A last day is needed where it ends later, and not looked at where it ends at once."""
        data = super().clean() or {}
        if data.get("when") == _AT_ONCE:
            data["last_day"] = None
            self.errors.pop("last_day", None)
        elif data.get("when") == _LATER and not data.get("last_day") and "last_day" not in self.errors:
            self.add_error("last_day", _("Choose the last day."))
        return data


class EraseForm(forms.Form):
    """Whether the own account goes; ``sure`` is asked where no admin would be left."""

    sure = forms.BooleanField(label=_("I know that there is no administrator then"), required=False)

    def __init__(self, *args: Any, asks: bool = False, **kwargs: Any) -> None:
        """Ask whether one is sure only where it matters."""
        super().__init__(*args, **kwargs)
        if not asks:
            self.fields.pop("sure")


class ConsentForm(forms.Form):
    """On which day the participation council agreed."""

    consented_on = _day(
        _("On which day did the council agree?"),
        help_text=_("Leave it empty as long as the council has not agreed, or no longer does"),
    )


class StartForm(forms.Form):
    """Why a school starts before its council agreed."""

    because = forms.CharField(
        label=_("Why does the school start now?"),
        help_text=_("Everybody at the school reads this. Empty takes it back"),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=400,
        required=False,
    )


class RegionForm(forms.Form):
    """In which region a school has its holidays."""

    region = _tiles(_("In which region are your school holidays?"), Region.choices, _("Choose one of the three."))

    def clean_region(self) -> Region:
        """The region itself."""
        return Region(self.cleaned_data["region"])


class CodeForm(forms.Form):
    """The code of an invitation, copied from paper."""

    code = forms.CharField(
        label=_("The code on your paper"),
        help_text=_("Seven blocks of four. Capitals and dashes do not matter"),
        max_length=60,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}),
        error_messages={"required": _("Type the code.")},
    )

    def clean_code(self) -> str:
        """The code as it stands in an address; what can be none is said to be mistyped."""
        code = codes.read(self.cleaned_data["code"])
        if code is None:
            raise forms.ValidationError(_("This is not a code yet. Compare it with your paper: seven blocks of four."))
        return code


class NewAccountForm(forms.Form):
    """Who comes in by an invitation, and the password for next time; without one where there is no address."""

    given_name = forms.CharField(
        label=_("First name"),
        max_length=60,
        widget=forms.TextInput(attrs={"autocomplete": "given-name"}),
        error_messages={"required": _("Fill in your first name.")},
    )
    infix = forms.CharField(
        label=_("Name prefix"), help_text=_("Such as de, van, van der"), max_length=20, required=False
    )
    family_name = forms.CharField(
        label=_("Last name"),
        max_length=80,
        widget=forms.TextInput(attrs={"autocomplete": "family-name"}),
        error_messages={"required": _("Fill in your last name.")},
    )
    password = forms.CharField(
        label=_("Choose a password"),
        help_text=_("Ten characters or more"),
        max_length=128,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        error_messages={"required": _("Choose a password.")},
    )

    def __init__(self, *args: Any, email: str | None, **kwargs: Any) -> None:
        """Without an address there is no password to sign in with."""
        super().__init__(*args, **kwargs)
        self.email = email
        if email is None:
            self.fields.pop("password")

    def clean(self) -> dict[str, Any]:
        """Refuse a password that is easily guessed, such as one that holds the name."""
        data = super().clean() or {}
        if data.get("password"):
            names = {name: data.get(name, "") for name in ("given_name", "infix", "family_name")}
            try:
                password_validation.validate_password(data["password"], User(email=self.email, **names))
            except forms.ValidationError as wrong:
                self.add_error("password", wrong)
        return data
