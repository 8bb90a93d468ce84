"""What a visitor fills in to suggest something; it is kept as typed and decided at the desk."""

from django import forms
from django.utils.translation import gettext_lazy as _

from finder import listing_fields
from finder.models import Group, Meeting, SuggestionKind
from finder.secret_links import FormStamp, StampError
from finder.vocab import Format

MOST_WORDS = 2000
_WORDS_LABELS = {
    SuggestionKind.NEW: _("Anything else we should know"),
    SuggestionKind.CHANGE: _("Tell us in your own words, if that is easier"),
    SuggestionKind.CLOSE: _("How do you know?"),
    SuggestionKind.VISIT: _("What did you find?"),
    SuggestionKind.SAFETY: _("What happened?"),
    SuggestionKind.BODY: _("How can we check that you speak for it?"),
}
_NEEDS_WORDS = (SuggestionKind.SAFETY, SuggestionKind.BODY)
_STAMP = {
    "quick": _("That was very quick. Please look it over and send it again."),
    "old": _("This page was open for a long time. Nothing is lost: please send it again."),
}
NOT_A_NAME = _("Please leave out people’s names.")


class SuggestForm(forms.Form):
    """Words, an address if one wants an answer by mail, and two quiet checks for machines."""

    use_required_attribute = False

    words = forms.CharField(
        max_length=MOST_WORDS, required=False, widget=forms.Textarea(attrs={"rows": 5})
    )
    email = forms.EmailField(
        label=_("E-mail, if you want to hear from us"),
        required=False,
        max_length=254,
        help_text=_("We delete it as soon as your message is dealt with."),
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )
    stamp = forms.CharField(required=False, widget=forms.HiddenInput)
    # People do not see this one; programs that fill in everything do.
    nickname = forms.CharField(
        label=_("Leave this empty"),
        required=False,
        widget=forms.TextInput(attrs={"tabindex": "-1", "autocomplete": "off"}),
    )
    kind = ""

    def __init__(self, data=None, *, about: Meeting | Group | None = None) -> None:
        super().__init__(data)
        self.about = about
        words = self.fields["words"]
        words.label, words.help_text = _WORDS_LABELS[self.kind], NOT_A_NAME
        words.required = self.kind in _NEEDS_WORDS
        self.initial["stamp"] = FormStamp.make()
        self.nonce = ""

    def clean_nickname(self) -> str:
        if self.cleaned_data["nickname"]:
            raise forms.ValidationError(_("Please leave this field empty and send it again."))
        return ""

    def clean(self) -> dict:
        told = super().clean()
        try:
            self.nonce = FormStamp.read(told.get("stamp", ""))
        except StampError as error:
            self.add_error(None, _STAMP[error.reason])
            if error.reason == "old":
                # A quick sender's stamp grows old enough by itself; one of yesterday never would.
                self.data = self.data.copy()
                self.data["stamp"] = FormStamp.make()
        return told

    def proposed(self) -> dict[str, str]:
        """Give the fields of the listing that were told, as typed."""
        return {}

    @property
    def shown(self) -> list[forms.BoundField]:
        """The fields a person fills in, in order; the quiet checks are drawn apart."""
        return [field for field in self if field.name not in ("stamp", "nickname")]


class ChangeForm(SuggestForm):
    """What is listed now, to be put right."""

    kind = SuggestionKind.CHANGE

    def __init__(self, data=None, *, about: Meeting | Group) -> None:
        super().__init__(data, about=about)
        self.names = listing_fields.names_for(about)
        self.fields = listing_fields.fields(self.names) | self.fields
        self.initial |= listing_fields.current(about)

    def clean(self) -> dict:
        told = super().clean()
        if not self.errors and not self.proposed() and not told.get("words"):
            self.add_error(None, _("Change a field, or tell us in your own words."))
        return told

    def proposed(self) -> dict[str, str]:
        before = listing_fields.current(self.about)
        return {
            name: listing_fields.as_typed(self.cleaned_data[name])
            for name in self.names
            if listing_fields.as_typed(self.cleaned_data[name])
            != listing_fields.as_typed(before[name])
        }


class NewForm(SuggestForm):
    """A meeting that is not listed."""

    kind = SuggestionKind.NEW

    def __init__(self, data=None, *, about: Group | None = None) -> None:
        super().__init__(data, about=about)
        fields = {} if about else {"program": listing_fields.listed_programs()}
        self.fields = fields | listing_fields.fields(listing_fields.NEW) | self.fields
        for name in ("name", "weekday", "start", "format"):
            self.fields[name].required = True

    def clean(self) -> dict:
        told = super().clean()
        format_ = told.get("format")
        is_near = format_ in (Format.IN_PERSON, Format.HYBRID)
        if is_near and not (told.get("city") or told.get("zip")):
            self.add_error("city", _("Say in which city it meets, or give the ZIP code."))
        if format_ == Format.ONLINE and not told.get("join_url"):
            self.add_error("join_url", _("Give the link to join, or the site that has it."))
        if format_ == Format.PHONE and not told.get("phone"):
            self.add_error("phone", _("Give the number to dial."))
        if format_ in (Format.ONLINE, Format.PHONE) and not told.get("timezone"):
            self.add_error("timezone", _("Say by which clock it starts."))
        return told

    def proposed(self) -> dict[str, str]:
        told = [(name, self.cleaned_data[name]) for name in listing_fields.NEW]
        typed = {name: listing_fields.as_typed(value) for name, value in told}
        return {name: value for name, value in typed.items() if value}


class CloseForm(SuggestForm):
    """It no longer meets."""

    kind = SuggestionKind.CLOSE


class VisitForm(SuggestForm):
    """Whether the meeting was there when somebody came."""

    kind = SuggestionKind.VISIT
    ANSWERS = (("yes", _("Yes, it was there")), ("no", _("No, nobody was there")))

    was_there = forms.ChoiceField(
        label=_("Was it there?"), choices=ANSWERS, widget=forms.RadioSelect
    )
    field_order = ("was_there",)

    def proposed(self) -> dict[str, str]:
        return {"was_there": self.cleaned_data["was_there"]}


class SafetyForm(SuggestForm):
    """A private report; only curators read it."""

    kind = SuggestionKind.SAFETY


class BodyForm(SuggestForm):
    """A service body asks for the link to its own page."""

    kind = SuggestionKind.BODY

    def __init__(self, data=None, *, about: None = None) -> None:
        super().__init__(data, about=about)
        entity = forms.CharField(label=_("Name of the service body"), max_length=200)
        told = {"program": listing_fields.listed_programs(), "entity": entity}
        self.fields = told | self.fields
        self.fields["email"].required = True
        self.fields["email"].label = _("E-mail of the service body")
        self.fields["email"].help_text = _("The link goes there. We keep it sealed.")

    def proposed(self) -> dict[str, str]:
        return {"entity": self.cleaned_data["entity"]}


FORMS = {form.kind.value: form for form in SuggestForm.__subclasses__()}
