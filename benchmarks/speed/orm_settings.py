"""The project's settings with other addresses and few middlewares, for benchmarks/speed/orm.py."""

from finder.settings import *  # noqa: F403

ROOT_URLCONF = "benchmarks.speed.orm"
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    # Its application refuses to start without.
    "allauth.account.middleware.AccountMiddleware",
]
