"""Addresses of the referral API; finder.middleware names them among the private ones."""

from django.urls import path

from referrals.api import views

app_name = "referrals-api"
urlpatterns = [
    path("match/", views.Match.as_view(), name="match"),
    path("referrals/", views.ReferralList.as_view(), name="referrals"),
    path("referrals/<uuid:pk>/", views.ReferralDetail.as_view(), name="referral"),
    path("referrals/<uuid:pk>/moves/", views.ReferralMoves.as_view(), name="moves"),
    path("referrals/<uuid:pk>/check-ins/", views.ReferralCheckIns.as_view(), name="check-ins"),
]
