"""Addresses of the referral tool; ids are UUIDs and name nobody."""

from django.urls import path

from referrals.views import (
    dashboard,
    exports,
    members,
    newcomers,
    patients,
    plan_pages,
    plans,
    quick,
    referrals,
    reports,
    share,
    shortlists,
)

app_name = "referrals"
urlpatterns = [
    path("refer/", quick.quick, name="quick"),
    path("refer/handout/", quick.quick_handout, name="quick-handout"),
    # A patient's own page; str, since a wrong token must meet the same 404 as an ended one.
    path("s/<str:token>/", share.share, name="share"),
    path("referrals/", dashboard.dashboard, name="dashboard"),
    path("referrals/patients/", patients.patient_list, name="patients"),
    path("referrals/patients/find/", patients.patient_find, name="patient-find"),
    path("referrals/patients/new/", patients.patient_new, name="patient-new"),
    path("referrals/patients/<uuid:pk>/", patients.patient_detail, name="patient"),
    path("referrals/patients/<uuid:pk>/assign/", patients.patient_assign, name="patient-assign"),
    path("referrals/patients/<uuid:pk>/needs/", plans.needs, name="needs"),
    path("referrals/patients/<uuid:pk>/suggestions/", plans.suggestions, name="suggestions"),
    path("referrals/patients/<uuid:pk>/handout/", plans.handout, name="handout"),
    path("referrals/patients/<uuid:pk>/handout/given/", plans.handout_given, name="handout-given"),
    path("referrals/plans/<uuid:pk>/", plan_pages.plan_detail, name="plan"),
    path("referrals/plans/<uuid:pk>/steps/<int:number>/", plan_pages.plan_step, name="plan-step"),
    path("referrals/plans/<uuid:pk>/told/", plan_pages.plan_check_in, name="plan-check-in"),
    path("referrals/plans/<uuid:pk>/newcomer/", newcomers.plan_newcomer, name="plan-newcomer"),
    path(
        "referrals/plans/<uuid:pk>/newcomer/<uuid:contact>/",
        newcomers.plan_introduce,
        name="plan-introduce",
    ),
    path("referrals/newcomers/", newcomers.newcomer_list, name="newcomers"),
    path(
        "referrals/newcomers/<uuid:pk>/<slug:what>/",
        newcomers.newcomer_change,
        name="newcomer-change",
    ),
    path("referrals/shortlists/", shortlists.shortlist_list, name="shortlists"),
    path("referrals/shortlists/<uuid:pk>/", shortlists.shortlist, name="shortlist"),
    path(
        "referrals/shortlists/<uuid:pk>/<slug:what>/",
        shortlists.shortlist_change,
        name="shortlist-change",
    ),
    path(
        "referrals/shortlists/entries/<uuid:pk>/<slug:what>/",
        shortlists.shortlist_entry,
        name="shortlist-entry",
    ),
    path("referrals/plans/<uuid:pk>/again/", plan_pages.plan_again, name="plan-again"),
    path("referrals/plans/<uuid:pk>/link/", plan_pages.share_make, name="share-make"),
    path("referrals/links/<uuid:pk>/end/", plan_pages.share_end, name="share-end"),
    path("referrals/links/<uuid:pk>/code/", plan_pages.share_code, name="share-code"),
    path("referrals/tasks/<uuid:pk>/done/", plan_pages.task_done, name="task-done"),
    path("referrals/assignments/<uuid:pk>/end/", patients.assignment_end, name="assignment-end"),
    path("referrals/one/<uuid:pk>/", referrals.referral_detail, name="referral"),
    path(
        "referrals/one/<uuid:pk>/calendar/", referrals.referral_calendar, name="referral-calendar"
    ),
    path("referrals/one/<uuid:pk>/move/", referrals.referral_move, name="referral-move"),
    path("referrals/one/<uuid:pk>/assign/", referrals.referral_assign, name="referral-assign"),
    path("referrals/one/<uuid:pk>/reopen/", plan_pages.referral_reopen, name="referral-reopen"),
    path(
        "referrals/organizations/<uuid:pk>/export/",
        exports.referral_export,
        name="referral-export",
    ),
    path("referrals/figures/", reports.own_figures, name="figures"),
    path("referrals/figures/<slug:quarter>/", reports.own_figures, name="figures-quarter"),
    path("referrals/organizations/<uuid:pk>/report/", reports.report, name="report"),
    path(
        "referrals/organizations/<uuid:pk>/report/<slug:quarter>/",
        reports.report,
        name="report-quarter",
    ),
    path(
        "referrals/organizations/<uuid:pk>/report/<slug:quarter>/file/",
        reports.report_file,
        name="report-file",
    ),
    path("referrals/organizations/<uuid:pk>/members/", members.member_list, name="members"),
    path("referrals/organizations/<uuid:pk>/record/", members.audit_list, name="audit"),
    path("referrals/members/<uuid:pk>/remove/", members.member_remove, name="member-remove"),
]
