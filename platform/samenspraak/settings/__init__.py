"""Every setting of the product, read once at start; wrong values stop the start with a sentence.

One module for each subject; README.md lists what the environment says.
"""

from samenspraak.settings.data import *
from samenspraak.settings.mail import *
from samenspraak.settings.mode import *
from samenspraak.settings.operations import *
from samenspraak.settings.people import *
from samenspraak.settings.rest import *
from samenspraak.settings.site import *
