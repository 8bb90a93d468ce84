"""App configuration of the directory."""

from django.apps import AppConfig

from finder import checks  # noqa: F401  (registers the checks)


class FinderConfig(AppConfig):
    """The directory of groups and what is known of each."""

    name = "finder"
    verbose_name = "MHG Finder"
