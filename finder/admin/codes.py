"""Codes of feeds that nobody knows: each given its meaning once for a program, on one screen."""

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from finder import curation
from finder.admin.desk import ShownAdmin
from finder.models import MAPPED, CodeMapping, Meeting, Program
from finder.presenters.words import language_name
from finder.vocab import Access, Focus, MeetingType


def _ticks(label, choices) -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(
        label=label, choices=choices, required=False, widget=forms.CheckboxSelectMultiple
    )


class MeaningForm(forms.Form):
    """What one code says; nothing chosen means that it says nothing we keep."""

    types = _ticks(_("What happens"), MeetingType.choices)
    focus = _ticks(_("Made for"), Focus.choices)
    access = _ticks(_("There is"), Access.choices)
    access_no = _ticks(_("There is not"), Access.choices)
    languages = forms.CharField(
        label=_("Languages"),
        required=False,
        help_text=_("Codes with spaces between them: es, ase, pt-BR."),
    )

    def clean_languages(self):
        codes = self.cleaned_data["languages"].replace(",", " ").split()
        if wrong := [code for code in codes if language_name(code) == code or len(code) > 12]:
            raise forms.ValidationError(_("Not a language: %s.") % ", ".join(wrong))
        return codes

    def clean(self):
        told = super().clean()
        if both := set(told.get("access", ())) & set(told.get("access_no", ())):
            self.add_error("access", _("Both yes and no: %s.") % ", ".join(sorted(both)))
        return told


@admin.register(CodeMapping)
class CodeMappingAdmin(ShownAdmin):
    """What curators said of codes, below the codes that still wait for somebody to say."""

    change_list_template = "admin/finder/codemapping/list.html"
    list_display = ("code", "program", "meaning", "mapped_by", "mapped_at")
    list_filter = ("program",)
    list_select_related = ("program", "mapped_by")
    search_fields = ("code",)

    def get_urls(self):
        say = self.admin_site.admin_view(self.say)
        return [
            path("say/<int:program>/", say, name="finder_codemapping_say"),
            *super().get_urls(),
        ]

    def changelist_view(self, request, extra_context=None):
        unknown = {"unknown": curation.unknown_codes()}
        return super().changelist_view(request, unknown | (extra_context or {}))

    def say(self, request, program):
        """The one screen: the code, meetings that carry it, and what it says."""
        if not request.user.has_perm("finder.add_codemapping"):
            raise PermissionDenied
        found = get_object_or_404(Program, pk=program)
        code = request.GET.get("code", "")[:80]
        rows = Meeting.objects.filter(group__program=found, source_codes__contains=[code])
        if not code or not rows.exists():
            self.message_user(request, _("No meeting carries this code."), messages.WARNING)
            return redirect("admin:finder_codemapping_changelist")
        stored = CodeMapping.objects.filter(program=found, code=code).first()
        form = MeaningForm(request.POST or None, initial=_initial(stored))
        if request.method == "POST" and form.is_valid():
            return self._keep(request, found, code, form)
        context = self.admin_site.each_context(request) | {
            "title": _("What does “%s” say?") % code,
            "program": found,
            "code": code,
            "form": form,
            "examples": rows.select_related("group").order_by("pk")[:10],
            "count": rows.count(),
            "opts": self.opts,
        }
        return TemplateResponse(request, "admin/finder/codemapping/say.html", context)

    def _keep(self, request, program, code, form):
        told = {name: form.cleaned_data[name] for name in MAPPED}
        count = curation.map_code(program, code, told, by=request.user, now=timezone.now())
        words = ngettext("%d meeting changed.", "%d meetings changed.", count) % count
        self.message_user(request, words, messages.SUCCESS)
        return redirect("admin:finder_codemapping_changelist")

    @admin.display(description=_("Meaning"))
    def meaning(self, obj):
        said = [code for name in MAPPED for code in getattr(obj, name)]
        return ", ".join(said) or _("nothing we keep")


def _initial(stored: CodeMapping | None) -> dict:
    if stored is None:
        return {}
    said = {name: getattr(stored, name) for name in MAPPED}
    return said | {"languages": " ".join(stored.languages)}
