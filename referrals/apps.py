"""App configuration of the referral tool."""

from django.apps import AppConfig


class ReferralsConfig(AppConfig):
    """Organizations, patients and their referrals."""

    name = "referrals"
    verbose_name = "Referrals"
