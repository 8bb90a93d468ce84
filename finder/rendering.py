"""How forms are drawn: Django's own rendering with the design system's class names.

Fields and lists of choices are drawn here and not by templates: the search form has some two
hundred, and each would be a template of its own, which took half of the time of a page.
"""

from collections.abc import Callable, Iterator, Mapping

from django.forms import BoundField, widgets
from django.forms.renderers import TemplatesSetting
from django.http import HttpRequest
from django.utils.html import conditional_escape, escape
from django.utils.safestring import SafeString, mark_safe

FIELD = "forms/field.html"
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


def attributes(attrs: Mapping[str, object]) -> str:
    """Write the attributes of an element.

    >>> attributes({"id": "a", "checked": True, "disabled": False, "title": '"'})
    ' id="a" checked title="&quot;"'
    """
    return "".join(
        f" {escape(name)}" if value is True else f' {escape(name)}="{conditional_escape(value)}"'
        for name, value in attrs.items()
        if value is not False
    )


def _select(context: Mapping) -> Iterator[str]:
    """Draw a list; context as of Django's template of the same name."""
    widget = context["widget"]
    yield f'<select name="{escape(widget["name"])}"{attributes(widget["attrs"])}>'
    for group, options, _index in widget["optgroups"]:
        if group:
            yield f'<optgroup label="{conditional_escape(group)}">'
        for option in options:
            yield f'<option value="{escape(option["value"])}"{attributes(option["attrs"])}>'
            yield f"{conditional_escape(option['label'])}</option>"
        if group:
            yield "</optgroup>"
    yield "</select>"


def _choices(context: Mapping) -> Iterator[str]:
    """Draw tick boxes or radio buttons, input and label as siblings."""
    widget = context["widget"]
    told = widget["attrs"].get("id")
    yield f'<div{attributes({"id": told} if told else {})} class="choices">'
    for group, options, _index in widget["optgroups"]:
        if group:
            yield f'<div class="choices__group">{conditional_escape(group)}</div>'
        for option in options:
            kind, attrs = option["type"], option["attrs"]
            yield f'<div class="usa-{kind}"><input type="{kind}" name="{escape(option["name"])}"'
            yield f' value="{escape(option["value"])}"{attributes(attrs)}><label'
            yield f' class="usa-{kind}__label" for="{escape(attrs.get("id", ""))}">'
            yield f"{conditional_escape(option['label'])}</label></div>"
    yield "</div>"


def _field(context: Mapping) -> Iterator[str]:
    """Draw a field with its label, hint and error; the ids are those aria-describedby names."""
    field: UswdsBoundField = context["field"]
    errors, label = field.errors, conditional_escape(field.label)
    yield f'<div class="usa-form-group{" usa-form-group--error" if errors else ""}">'
    if field.use_fieldset:
        told = {"aria-describedby": field.aria_describedby} if field.aria_describedby else {}
        yield f'<fieldset class="usa-fieldset"{attributes(told)}><legend class="usa-legend">'
        yield f"{label}</legend>{_hint(field)}{field}</fieldset>"
    elif field.is_checkbox:
        yield f'{_hint(field)}<div class="usa-checkbox">{field}<label class="usa-checkbox__label"'
        yield f' for="{escape(field.id_for_label)}">{label}</label></div>'
    else:
        yield f'<label class="usa-label{" usa-label--error" if errors else ""}"'
        yield f' for="{escape(field.id_for_label)}">{label}</label>{_hint(field)}{field}'
    yield "</div>"


def _hint(field: BoundField) -> str:
    drawn = ""
    if field.help_text:
        drawn = _noted(field, "helptext", "usa-hint", conditional_escape(field.help_text))
    if field.errors:
        lines = "".join(f"<div>{conditional_escape(error)}</div>" for error in field.errors)
        drawn += _noted(field, "error", "usa-error-message", lines)
    return drawn


def _noted(field: BoundField, name: str, css: str, inner: str) -> str:
    told = f' id="{escape(field.auto_id)}_{name}"' if field.auto_id else ""
    return f'<div class="{css}"{told}>{inner}</div>'


_DRAWN: dict[str, Callable[[Mapping], Iterator[str]]] = {
    FIELD: _field,
    widgets.Select.template_name: _select,
    widgets.SelectMultiple.template_name: _select,
    widgets.CheckboxSelectMultiple.template_name: _choices,
    widgets.RadioSelect.template_name: _choices,
}


class UswdsRenderer(TemplatesSetting):
    """Draw forms and fields with the templates of templates/forms/."""

    form_template_name = "forms/form.html"
    field_template_name = FIELD
    bound_field_class = UswdsBoundField

    def render(
        self, template_name: str, context: dict, request: HttpRequest | None = None
    ) -> SafeString:
        """Draw fields and lists of choices at once, and all else by its template."""
        if draw := _DRAWN.get(template_name):
            return mark_safe("".join(draw(context)))
        return super().render(template_name, context, request)
