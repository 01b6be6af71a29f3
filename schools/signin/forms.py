"""The sign-in library's forms by our house rules: each code once, and nothing that is sent breaks a page."""

from __future__ import annotations

import struct
from typing import Any

from allauth.account import forms as account_forms
from allauth.mfa.adapter import get_adapter
from allauth.mfa.base import forms as base_forms
from allauth.mfa.base.internal.flows import check_rate_limit
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth as totp
from allauth.mfa.webauthn import forms as passkey_forms
from allauth.mfa.webauthn.internal import auth as webauthn
from cryptography.exceptions import InvalidSignature
from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from schools import actions
from schools.models import User
from schools.signin import telling

# What the library's readers of passkeys raise when a browser never sent that.
_NONSENSE = (TypeError, ValueError, KeyError, AttributeError, IndexError, struct.error, InvalidSignature)
_DIGITS = {"autocomplete": "one-time-code", "inputmode": "numeric", "autocapitalize": "off", "spellcheck": "false"}
LONGEST_CODE = 40
LONGEST_CREDENTIAL = 20_000


class CredentialField(forms.JSONField):
    """What a browser says of a passkey: a few hundred signs, whatever else is sent."""

    widget = forms.HiddenInput

    def to_python(self, value: Any) -> Any:
        """Read it; nothing that is longer, or nested beyond reading."""
        try:
            if len(str(value)) <= LONGEST_CREDENTIAL:
                return super().to_python(value)
        except RecursionError:
            pass
        raise forms.ValidationError(self.error_messages["invalid"], code="invalid")


def code_field(label: Any) -> forms.CharField:
    """A field for a code that stands somewhere else: phones offer it, and show digits to type."""
    return forms.CharField(label=label, max_length=LONGEST_CODE, widget=forms.TextInput(attrs=_DIGITS))


class AskCodeForm(account_forms.RequestLoginCodeForm):
    """Where the code by mail goes."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Our own label."""
        super().__init__(*args, **kwargs)
        self.fields["email"].label = _("E-mail address")


class MailedCodeForm(account_forms.ConfirmLoginCodeForm):
    """The code that came by mail."""

    remember = forms.BooleanField(
        label=_("Stay signed in on this device"), required=False, help_text=_("Not on a computer you share")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Our own field."""
        super().__init__(*args, **kwargs)
        self.fields["code"] = code_field(_("Code"))
        self.order_fields(["code", "remember"])


class _SecondStep(base_forms.BaseAuthenticateForm):
    code = code_field(_("Code"))

    def clean_code(self) -> str:
        """A code of the app that is new, or a recovery code that is unused; ten tries in five minutes."""
        try:
            forget_tries = check_rate_limit(self.user)
        except forms.ValidationError:
            telling.note_halt(self.user, now=timezone.now())
            raise
        code: str = self.cleaned_data["code"]
        used = actions.use_code(user=self.user, code=code, now=timezone.now())
        if used is None:
            raise get_adapter().validation_error("incorrect_code")
        forget_tries()
        self.authenticator = used
        return code


class SecondStepForm(_SecondStep, base_forms.AuthenticateForm):
    """The second step while signing in."""


class SecondStepAgainForm(_SecondStep, base_forms.ReauthenticateForm):
    """The second step to prove again who one is."""


class _Careful(passkey_forms.AuthenticateWebAuthnForm):
    credential = CredentialField()

    def clean_credential(self) -> Authenticator:
        """The passkey, if it is one of the person's and signed what was asked."""
        try:
            return super().clean_credential()
        except _NONSENSE as error:
            raise get_adapter().validation_error("incorrect_code") from error


class PasskeyStepForm(_Careful):
    """A passkey as second step while signing in."""


class PasskeyLoginForm(_Careful, passkey_forms.LoginWebAuthnForm):
    """A passkey that signs in by itself."""


class PasskeyAgainForm(_Careful, passkey_forms.ReauthenticateWebAuthnForm):
    """A passkey to prove again who one is."""


class NameForm(forms.Form):
    """What somebody calls a passkey."""

    name = forms.CharField(label=_("Name"), max_length=60, help_text=_("Such as: phone, laptop at school"))


class NewPasskeyForm(NameForm):
    """What a device made, as the browser tells it."""

    credential = CredentialField()

    def clean_credential(self) -> dict[str, Any]:
        """The passkey, if it is what was asked for and the device knows who holds it."""
        credential: dict[str, Any] = self.cleaned_data["credential"]
        try:
            webauthn.parse_registration_response(credential)
            verified = webauthn.complete_registration(credential).is_user_verified()
        except _NONSENSE as error:
            raise get_adapter().validation_error("incorrect_code") from error
        if not verified:
            raise get_adapter().validation_error("incorrect_code")
        return credential


class NewAppForm(forms.Form):
    """The first code of an authenticator app, which proves that it has the secret."""

    code = code_field(_("Code in your app"))

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        """A new secret on each fresh page; the one of that page when it comes back."""
        super().__init__(*args, **kwargs)
        self.user = user
        self.secret: str = totp.get_totp_secret(regenerate=not self.is_bound)

    def clean_code(self) -> str:
        """A code that this secret gives now."""
        forget_tries = check_rate_limit(self.user, error_key="rate_limited")
        code: str = self.cleaned_data["code"]
        if actions.step_of(self.secret, code, now=timezone.now()) is None:
            raise get_adapter().validation_error("incorrect_code")
        forget_tries()
        return code
