"""The root of all addresses: pages, API, referrals, sign-in and the curators' desk."""

from django.conf.urls.i18n import i18n_patterns
from django.contrib import admin
from django.urls import include, path

from finder import health
from finder.views import card, directory, guide, lane, pages, plan, search, search_map, suggest

urlpatterns = [
    path("livez", health.livez, name="livez"),
    path("readyz", health.readyz, name="readyz"),
    # Before the rest of the API, which answers for every address that is none.
    path("api/v1/", include("referrals.api.urls")),
    path("api/v1/", include("finder.api.urls")),
    path("admin/", admin.site.urls),
    path("robots.txt", pages.robots, name="robots"),
    path(".well-known/security.txt", pages.security_txt, name="security-txt"),
]
urlpatterns += i18n_patterns(
    path("accounts/", include("allauth.urls")),
    path("", search.search, name="search"),
    path("map/", search_map.search_map, name="search-map"),
    path("meetings/<int:pk>/", directory.meeting, name="meeting"),
    path("groups/<int:pk>/", directory.group, name="group"),
    path("programs/", directory.programs, name="programs"),
    path("programs/<slug:slug>/", directory.program, name="program"),
    path("guide/", guide.kinds, name="guide"),
    path("guide/programs/", guide.compare, name="guide-compare"),
    path("guide/research/", guide.research, name="guide-research"),
    path("guide/family/", guide.family, name="guide-family"),
    path("guide/pregnancy/", guide.pregnancy, name="guide-pregnancy"),
    path("guide/under-18/", guide.under_18, name="guide-under-18"),
    path("guide/court/", guide.court, name="guide-court"),
    path("plan/", plan.plan, name="plan"),
    path("plan/gaps/", plan.plan_gaps, name="plan-gaps"),
    path("plan/calendar.ics", plan.plan_calendar, name="plan-calendar"),
    path("card/", card.card, name="card"),
    path("suggest/", suggest.hub, name="suggest"),
    path("suggest/<slug:kind>/", suggest.suggest, name="suggest-kind"),
    path("suggest/thread/<str:token>/", suggest.thread, name="suggestion"),
    path("lane/<str:token>/", lane.page, name="lane"),
    path("lane/<str:token>/quiet/", lane.quiet, name="lane-quiet"),
    path("lane/<str:token>/confirm/", lane.confirm_all, name="lane-confirm"),
    path("lane/<str:token>/groups/<int:pk>/confirm/", lane.confirm, name="lane-group-confirm"),
    path("lane/<str:token>/groups/<int:pk>/take-out/", lane.take_out, name="lane-take-out"),
    path("lane/<str:token>/groups/<int:pk>/reply/", lane.reply, name="lane-reply"),
    path("lane/<str:token>/groups/<int:pk>/statement/", lane.statement, name="lane-statement"),
    path("lane/<str:token>/meetings/<int:pk>/", lane.correct, name="lane-correct"),
    path("about/", pages.about, name="about"),
    path("about/acceptance/", pages.acceptance_method, name="about-acceptance"),
    path("safety/", pages.safety, name="safety"),
    path("privacy/", pages.privacy, name="privacy"),
    path("accessibility/", pages.accessibility, name="accessibility"),
    path("blank/", pages.blank, name="blank"),
    path("", include("referrals.urls")),
    prefix_default_language=False,
)
