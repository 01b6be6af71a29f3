"""Every address of the product, floor by floor."""

from django.templatetags.static import static
from django.urls import URLPattern, URLResolver, include, path
from django.utils.functional import lazy
from django.views.generic import RedirectView, TemplateView

from samenspraak import council, dashboards, exports, glass, guide, happened, homes, installing, security_txt, starts
from samenspraak.demo import views as demo
from samenspraak.language import change_language
from samenspraak.papers import pages as papers
from samenspraak.reference import pages as reference
from workgroups.views import feeds, join, letters

favicon = RedirectView.as_view(url=lazy(static, str)("samenspraak/favicon.svg"))
robots = TemplateView.as_view(template_name="samenspraak/robots.txt", content_type="text/plain")

handler500 = "samenspraak.broken.broken"

urlpatterns: list[URLPattern | URLResolver] = [
    path("", homes.Front.as_view(), name="home"),
    path("about/", homes.About.as_view(), name="about"),
    path("about/api/", reference.Reference.as_view(), name="reference"),
    path("about/api/<slug:part>/", reference.ReferencePart.as_view(), name="reference-part"),
    path("about/council/", council.Dossier.as_view(), name="council-dossier"),
    path("api/", include("samenspraak.api")),
    path("b/<int:number>/", homes.BoardHome.as_view(), name="board-home"),
    path("b/<int:number>/events/", happened.BoardEvents.as_view(), name="board-events"),
    path("b/<int:number>/papers/", papers.BoardPapers.as_view(), name="board-papers"),
    path("b/<int:number>/papers/<slug:paper>/", papers.BoardPaper.as_view(), name="board-paper"),
    path("b/<int:number>/papers/<slug:paper>.pdf", papers.BoardPdf.as_view(), name="board-paper-pdf"),
    path("b/<int:number>/start/", starts.BoardStart.as_view(), name="board-start"),
    path("b/<int:number>/schools.csv", exports.BoardFile.as_view(kind="csv"), name="board-csv"),
    path("b/<int:number>/schools.xlsx", exports.BoardFile.as_view(kind="xlsx"), name="board-xlsx"),
    path("calendar/<str:signed>.ics", feeds.Feed.as_view(), name="calendar-feed"),
    path("cards/", include("cards.urls")),
    path("glass/", glass.Glass.as_view(), name="glass"),
    path("glass/<int:look_id>/close/", glass.GlassClose.as_view(), name="glass-close"),
    path("help/", guide.GuidePage.as_view(), name="guide"),
    path("help/<slug:step>/", guide.GuideStep.as_view(), name="guide-step"),
    path("join/", join.Join.as_view(), name="join"),
    path("join/<str:code>/", join.JoinCode.as_view(), name="join-code"),
    path("language/", change_language, name="set_language"),
    path("me/calendar/", feeds.Calendar.as_view(), name="account-calendar"),
    path("me/calendar/new/", feeds.CalendarNew.as_view(), name="calendar-new"),
    path("me/calendar/groups/<int:group_id>/", feeds.CalendarGroup.as_view(), name="calendar-group"),
    path("me/calendar/<int:feed_id>/renew/", feeds.CalendarRenew.as_view(), name="calendar-renew"),
    path("me/calendar/<int:feed_id>/remove/", feeds.CalendarRemove.as_view(), name="calendar-remove"),
    path("me/events/", happened.OwnEvents.as_view(), name="account-events"),
    path("me/letters/", letters.MyLetters.as_view(), name="account-letters"),
    path("", include("schools.urls")),
    path("s/<slug:slug>/", homes.SchoolHome.as_view(), name="school-home"),
    path("s/<slug:slug>/papers/", papers.SchoolPapers.as_view(), name="school-papers"),
    path("s/<slug:slug>/papers/<slug:paper>/", papers.SchoolPaper.as_view(), name="school-paper"),
    path("s/<slug:slug>/papers/<slug:paper>.pdf", papers.SchoolPdf.as_view(), name="school-paper-pdf"),
    path("s/<slug:slug>/start/", starts.SchoolStart.as_view(), name="school-start"),
    path("s/<slug:slug>/dashboard/", dashboards.Dashboard.as_view(), name="school-dashboard"),
    path("s/<slug:slug>/dashboard.csv", exports.SchoolFile.as_view(kind="csv"), name="school-dashboard-csv"),
    path("s/<slug:slug>/dashboard.xlsx", exports.SchoolFile.as_view(kind="xlsx"), name="school-dashboard-xlsx"),
    path("s/<slug:slug>/events/", happened.SchoolEvents.as_view(), name="school-events"),
    path("s/<slug:slug>/opened/", happened.Opened.as_view(), name="school-opened"),
    path("s/<slug:slug>/", include("observations.urls")),
    path("s/<slug:slug>/", include("workgroups.urls")),
    # Only the demo has these; elsewhere they answer 404.
    path("mailbox/", demo.Mailbox.as_view(), name="mailbox"),
    path("mailbox/<str:name>/", demo.MailboxLetter.as_view(), name="mailbox-letter"),
    path("mailbox/<str:name>/paper/", demo.MailboxPaper.as_view(), name="mailbox-paper"),
    path("mailbox/<str:name>/file/", demo.MailboxFile.as_view(), name="mailbox-file"),
    path("parts/", demo.Parts.as_view(), name="parts"),
    # What a visitor's device installs, to go on without a network.
    path("app.webmanifest", installing.manifest, name="manifest"),
    path("offline/", installing.Offline.as_view(), name="offline"),
    path("worker.js", installing.worker, name="worker"),
    # What browsers and search engines ask for by themselves.
    path("favicon.ico", favicon, name="favicon"),
    path("robots.txt", robots, name="robots"),
    path(".well-known/security.txt", security_txt.security_txt, name="security-txt"),
]
