"""The REST API and its description."""

from samenspraak import environment
from samenspraak.settings.site import PROXY_COUNT

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["schools.callers.PersonalToken", "schools.callers.Session"],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["schools.bodies.StrictJson"],
    "DEFAULT_PAGINATION_CLASS": "schools.paging.Pages",
    "DEFAULT_METADATA_CLASS": None,
    "DEFAULT_SCHEMA_CLASS": "samenspraak.openapi.Operation",
    "EXCEPTION_HANDLER": "schools.problems.problem",
    "DEFAULT_THROTTLE_CLASSES": ["schools.callers.CallerThrottle"],
    "DEFAULT_THROTTLE_RATES": {"caller": environment.rate("API_RATE", "600/min")},
    "PAGE_SIZE": 50,
    "NUM_PROXIES": PROXY_COUNT,
    "UNAUTHENTICATED_USER": "django.contrib.auth.models.AnonymousUser",
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Samenspraak",
    "DESCRIPTION": "Reflective dialogue for working groups of teachers. See docs/api.md.",
    "VERSION": "1",
    "OAS_VERSION": "3.1.0",
    "SCHEMA_PATH_PREFIX": r"/api/v1/",
    "SERVE_INCLUDE_SCHEMA": False,
    "SERVE_PERMISSIONS": ["rest_framework.permissions.AllowAny"],
    "COMPONENT_SPLIT_REQUEST": True,
    "PATH_CONVERTER_OVERRIDES": {"client_uuid": {"type": "string", "format": "uuid"}},
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "samenspraak.reference.finishing.finish",
    ],
    "ENUM_SUFFIX": "",
    "ENUM_NAME_OVERRIDES": {
        "AgreementState": "workgroups.models.goal.AgreementState",
        "GoalState": "workgroups.models.goal.GoalState",
        "GroupKind": "workgroups.models.group.GroupKind",
        "GroupState": "workgroups.models.group.GroupState",
        "HelpKind": "workgroups.models.help.HelpKind",
        "HelpState": "workgroups.api.help.STATES",
        "MeetingState": "workgroups.models.meeting.MeetingState",
        "Kept": "workgroups.models.meeting.Kept",
        "Party": "observations.models.visit.Party",
        "Place": "workgroups.api.groups.SEATS",
        "Purpose": "observations.models.visit.Purpose",
        "Region": "schools.models.place.Region",
        "Role": "schools.roles.Role",
        "ScanState": "observations.models.selfscan.ScanState",
        "ScanWay": "observations.models.selfscan.ScanWay",
        "Step": "workgroups.models.goal.Step",
        "VisitState": "observations.models.visit.VisitState",
        "Word": "observations.api.profile.WORDS",
    },
}
