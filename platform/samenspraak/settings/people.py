"""Signing in, sessions, and what keeps a browser safe."""

from csp.constants import NONE, SELF

from samenspraak import environment
from samenspraak.settings.mode import DEMO, DEMO_DIR, own_key
from samenspraak.settings.site import PROXY_COUNT

AUTH_USER_MODEL = "schools.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
ACCOUNT_ADAPTER = "schools.signin.adapter.Adapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_USER_DISPLAY = "schools.signin.display_name"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_EMAIL_NOTIFICATIONS = False
ACCOUNT_PREVENT_ENUMERATION = True
# A whole school sits behind one address: wide per address, narrow per account.
ACCOUNT_RATE_LIMITS = {
    "invitation": "300/5m/ip",  # those that open nothing
    "login": "300/m/ip",
    "login_failed": "10/5m/key,300/5m/ip",
    "program_token": "600/m/ip",  # apps that bring a code or an old key
    "program_token_failed": "60/5m/ip",
    "request_login_code": "300/m/ip,3/5m/key",
    "reset_password": "60/m/ip,5/10m/key",
    "reset_password_from_key": "60/m/ip",
    "reauthenticate": "10/m/user",
    "change_password": "5/m/user",
}
# Services of boards (OpenID Connect): nobody is found by an address, and of what they tell nothing is kept.
SOCIALACCOUNT_ADAPTER = "schools.providers.rules.Adapter"
SOCIALACCOUNT_EMAIL_VERIFICATION = "none"
SOCIALACCOUNT_EMAIL_AUTHENTICATION = SOCIALACCOUNT_AUTO_SIGNUP = SOCIALACCOUNT_STORE_TOKENS = False
SERVICES_MAY_BE_HERE = DEMO  # on this machine: never where strangers can name an address
# Apps that people let in (OAuth 2, OpenID Connect): without a key to sign with the site is no provider.
IDP_OIDC_ADAPTER = "schools.programs.claims.Adapter"
IDP_OIDC_PRIVATE_KEY = environment.text("OIDC_PRIVATE_KEY") or (own_key(DEMO_DIR) if DEMO else "")
ALLAUTH_TRUSTED_PROXY_COUNT = PROXY_COUNT
# A code by mail: eight digits, ten minutes since schools' mail can be slow, three tries.
ACCOUNT_LOGIN_BY_CODE_ENABLED = ACCOUNT_LOGIN_BY_CODE_SUPPORTS_RESEND = True
ACCOUNT_LOGIN_BY_CODE_FORMAT = {"numeric": True, "length": 8}
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = 10 * 60
ACCOUNT_LOGIN_BY_CODE_MAX_ATTEMPTS = 3
ACCOUNT_FORMS = {
    "request_login_code": "schools.signin.forms.AskCodeForm",
    "confirm_login_code": "schools.signin.forms.MailedCodeForm",
}
# Who is a coach, leader or admin somewhere, or an operator, gets nowhere without a second step; others may have one.
SECOND_STEP_REQUIRED = not DEMO
MFA_ADAPTER = "schools.signin.factors.Adapter"
MFA_SUPPORTED_TYPES = ["recovery_codes", "totp", "webauthn"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_USER_VERIFICATION = "required"
MFA_ALLOW_UNVERIFIED_EMAIL = True  # the school vouches for addresses
MFA_RATE_LIMITS = {"webauthn_login": "300/m/ip"}
MFA_FORMS = {
    "authenticate": "schools.signin.forms.SecondStepForm",
    "authenticate_webauthn": "schools.signin.forms.PasskeyStepForm",
    "login_webauthn": "schools.signin.forms.PasskeyLoginForm",
    "reauthenticate": "schools.signin.forms.SecondStepAgainForm",
    "reauthenticate_webauthn": "schools.signin.forms.PasskeyAgainForm",
}
SESSION_ENGINE = "samenspraak.sessions"
SESSION_COOKIE_AGE = 30 * 24 * 3600
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_NAME = "session" if DEMO else "__Host-session"
CSRF_COOKIE_NAME = "csrf" if DEMO else "__Host-csrf"
LANGUAGE_COOKIE_NAME = "language"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = not DEMO

# --- Safety -------------------------------------------------------------------
SECURE_SSL_REDIRECT = not DEMO
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if PROXY_COUNT else None
SECURE_HSTS_SECONDS = 0 if DEMO else 365 * 24 * 3600
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = not DEMO
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
    },
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_500_000
DATA_UPLOAD_MAX_NUMBER_FIELDS = 500
