"""Mail: the post is the only code that sends."""

from django.core.exceptions import ImproperlyConfigured

from samenspraak import environment
from samenspraak.settings.mode import DEMO, DEMO_DIR

DEFAULT_FROM_EMAIL = (
    environment.text("MAIL_FROM", "Samenspraak <post@samenspraak.example>")
    if DEMO
    else environment.required("MAIL_FROM", "It looks like Samenspraak <post@samenspraak.example>.")
)
SERVER_EMAIL = DEFAULT_FROM_EMAIL
EMAIL_TIMEOUT = 20
# Of each process to the mail server, at most. What came over them together is noted together; three processes stay
# under the 50 that a mail server usually allows one sender.
MAIL_CONNECTIONS = max(1, environment.number("MAIL_CONNECTIONS", 16))
MAIL_DIR = DEMO_DIR / "mail"
_email_url = environment.text("EMAIL_URL")
if _email_url:
    globals().update(environment.smtp(_email_url))
elif DEMO:
    EMAIL_BACKEND = "samenspraak.demo.mailbox.EmailBackend"
else:
    raise ImproperlyConfigured("EMAIL_URL is not set. It looks like smtp://user:password@host:587?tls=1.")
