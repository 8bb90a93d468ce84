"""How forms are drawn: Django's own rendering with the design system's class names."""

from django.forms import BoundField, widgets
from django.forms.renderers import TemplatesSetting

CLASSES: tuple[tuple[type[widgets.Widget], str], ...] = (
    (widgets.HiddenInput, ""),
    (widgets.CheckboxSelectMultiple, "usa-checkbox__input"),
    (widgets.CheckboxInput, "usa-checkbox__input"),
    (widgets.RadioSelect, "usa-radio__input"),
    (widgets.Select, "usa-select"),
    (widgets.Textarea, "usa-textarea"),
    (widgets.Input, "usa-input"),
)


class UswdsBoundField(BoundField):
    """A field that gives its widget the design system's class."""

    def build_widget_attrs(self, attrs: dict, widget: widgets.Widget | None = None) -> dict:
        widget = widget or self.field.widget
        attrs = super().build_widget_attrs(attrs, widget)
        classes = [attrs.get("class") or widget.attrs.get("class", ""), widget_class(widget)]
        if self.errors and classes[1] in {"usa-input", "usa-textarea", "usa-select"}:
            classes.append("usa-input--error")
        joined = " ".join(name for name in classes if name)
        return attrs | {"class": joined} if joined else attrs

    @property
    def is_checkbox(self) -> bool:
        """Say whether this is one tick box, whose label comes after it."""
        return type(self.field.widget) is widgets.CheckboxInput


def widget_class(widget: widgets.Widget) -> str:
    """Return the design system's class for a widget.

    >>> widget_class(widgets.Select())
    'usa-select'
    """
    return next((name for kind, name in CLASSES if isinstance(widget, kind)), "")


class UswdsRenderer(TemplatesSetting):
    """Draw forms and fields with the templates of templates/forms/."""

    form_template_name = "forms/form.html"
    field_template_name = "forms/field.html"
    bound_field_class = UswdsBoundField
