"""The curators' desk on Django's admin; it shows no patient and deletes nothing."""

from allauth.account.decorators import secure_admin_login
from django.contrib import admin

from finder.admin import (
    asking,
    cards,
    codes,
    contacts,
    door,
    duplicates,
    evidence,
    jobs,
    listings,
    locks,
    people,
    picking,
    queues,
    runs,
    service_bodies,
    sources,
    suggestions,
)

__all__ = [
    "asking",
    "cards",
    "codes",
    "contacts",
    "door",
    "duplicates",
    "evidence",
    "jobs",
    "listings",
    "locks",
    "people",
    "picking",
    "queues",
    "runs",
    "service_bodies",
    "sources",
    "suggestions",
]

admin.site.site_header = "MHG Finder"
admin.site.site_title = "MHG Finder"
# One door for everyone: the rate limits and second factors of the site's own sign-in.
admin.site.login = secure_admin_login(admin.site.login)
admin.site.admin_view = door.admin_view
admin.site.autocomplete_view = picking.PickerView.as_view(admin_site=admin.site)
# The front page opens with what waits.
admin.site.index = queues.desk_index
admin.site.index_template = "admin/desk/index.html"
