"""How forms are drawn: Django's own rendering with the design system's class names."""

from django.forms.renderers import TemplatesSetting


class UswdsRenderer(TemplatesSetting):
    """Draw forms and fields with the templates of templates/forms/."""
