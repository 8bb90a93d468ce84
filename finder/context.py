"""What every page may show of the site itself; nothing of the visitor."""

from django.conf import settings
from django.http import HttpRequest


def site(request: HttpRequest) -> dict:
    """Say whether this site shows demonstration data."""
    return {"DEMO": settings.DEMO}
