"""One change to many listings, with a look before it is made; closing a place for some days."""

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.widgets import AdminDateWidget
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from finder import curation
from finder.vocab import Access, Focus, Status

SHOWN = 100


def _several(label, choices) -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(
        label=label,
        choices=choices,
        required=False,
        widget=forms.SelectMultiple(attrs={"size": 8}),
    )


class ManyForm(forms.Form):
    """What to change of every listing chosen; what is left empty stays as it is."""

    status = forms.ChoiceField(
        label=_("Status"), choices=[("", _("As it is")), *Status.choices], required=False
    )
    add_focus = _several(_("Is made for"), Focus.choices)
    remove_focus = _several(_("Is not said to be made for"), Focus.choices)
    add_access = _several(_("Has"), Access.choices)
    remove_access = _several(_("Is not said to have"), Access.choices)
    is_confirmed = forms.CharField(
        label=_("Confirmed today by"),
        max_length=120,
        required=False,
        help_text=_("Who says that these listings are right."),
    )

    def clean(self):
        told = super().clean()
        for name in ("focus", "access"):
            if both := set(told.get(f"add_{name}", ())) & set(told.get(f"remove_{name}", ())):
                self.add_error(f"add_{name}", _("Both yes and no: %s.") % ", ".join(sorted(both)))
        if not self.errors and not any(told.values()):
            self.add_error(None, _("Choose something to change."))
        return told


class ClosingForm(forms.Form):
    """On which days a place is shut."""

    first = forms.DateField(label=_("First day"), widget=AdminDateWidget)
    last = forms.DateField(
        label=_("Last day"),
        widget=AdminDateWidget,
        required=False,
        help_text=_("Empty: until somebody opens it again."),
    )
    note = forms.CharField(label=_("Shown to visitors"), max_length=300, required=False)

    def clean(self):
        told = super().clean()
        first, last = told.get("first"), told.get("last")
        if first and last and last < first:
            self.add_error("last", _("This is before the first day."))
        return told


def _screen(model_admin, request, template, rows, form, title):
    context = model_admin.admin_site.each_context(request) | {
        "title": title,
        "form": form,
        "opts": model_admin.opts,
        "count": len(rows),
        "rows": rows[:SHOWN],
        "chosen": [row.pk for row in rows],
        "action": request.POST["action"],
        "media": model_admin.media + form.media,
    }
    return TemplateResponse(request, template, context)


@admin.action(description=_("Change together"), permissions=["change"])
def change_together(model_admin, request, queryset):
    """Show what is chosen and what can be changed; then change it."""
    rows = list(queryset.order_by("pk"))
    form = ManyForm(request.POST if "apply" in request.POST else None)
    if not form.is_bound or not form.is_valid():
        title = _("Change together")
        return _screen(model_admin, request, "admin/desk/together.html", rows, form, title)
    changes = {name: value for name, value in form.cleaned_data.items() if value}
    count = curation.change_many(rows, changes, by=request.user, today=timezone.localdate())
    words = ngettext("%d listing changed.", "%d listings changed.", count) % count
    model_admin.message_user(request, words, messages.SUCCESS)
    return redirect(request.get_full_path())


@admin.action(description=_("Close for some days, with all meetings"), permissions=["change"])
def close_places(model_admin, request, queryset):
    """Ask for the days; then close."""
    rows = list(queryset.order_by("pk"))
    form = ClosingForm(request.POST if "apply" in request.POST else None)
    if not form.is_bound or not form.is_valid():
        title = _("Close for some days")
        return _screen(model_admin, request, "admin/desk/together.html", rows, form, title)
    told = {"by": request.user, "today": timezone.localdate(), **form.cleaned_data}
    count = sum(curation.close_place(row, **told) for row in rows)
    words = ngettext("%d meeting is off then.", "%d meetings are off then.", count) % count
    model_admin.message_user(request, words, messages.SUCCESS)
    return redirect(request.get_full_path())


@admin.action(description=_("Open again"), permissions=["change"])
def open_places(model_admin, request, queryset):
    """Open places again at once."""
    for row in queryset.order_by("pk"):
        curation.open_place(row, by=request.user, today=timezone.localdate())
    model_admin.message_user(request, _("Open again."), messages.SUCCESS)
