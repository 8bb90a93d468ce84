"""How a meeting went, as a patient or a member types it; in neutral words, for shared phones."""

from collections.abc import Iterable
from uuid import uuid4

from django import forms
from django.utils.translation import gettext_lazy as _

from finder.vocab import Disclosed, Fact
from referrals.checkins import Again, Felt, Pushed, Told, Went
from referrals.models import Referral

_SPOKE = [(Fact.YES, _("Yes")), (Fact.NO, _("No")), ("", _("I did not try"))]
_KNEW = [
    (Disclosed.YES, _("Yes")),
    (Disclosed.NO, _("No")),
    (Disclosed.RATHER_NOT_SAY, _("I would rather not say")),
]
_NOT_ASKED = [("", _("I would rather not say"))]


def _one_of(label, choices, *, is_needed: bool = False) -> forms.ChoiceField:
    return forms.ChoiceField(
        label=label, choices=choices, required=is_needed, widget=forms.RadioSelect
    )


class CheckInForm(forms.Form):
    """Seven questions; only whether they went must be answered."""

    use_required_attribute = False

    which = forms.ChoiceField(label=_("Which one?"), widget=forms.RadioSelect)
    went = _one_of(_("Did you go?"), Went.choices, is_needed=True)
    felt = _one_of(_("How was it?"), [*Felt.choices, *_NOT_ASKED])
    spoke = _one_of(_("Could you speak, if you wanted to?"), _SPOKE)
    pushed = _one_of(
        _("Did anyone push you about your health care?"), [*Pushed.choices, *_NOT_ASKED]
    )
    knew = _one_of(_("Did anyone there know about your health care?"), _KNEW)
    again = _one_of(_("Would you go back?"), [*Again.choices, *_NOT_ASKED])
    may_help = forms.BooleanField(
        label=_("Use my answers, without my name, to help others choose"), required=False
    )
    key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)

    def __init__(self, *args, groups: Iterable[tuple[str, str]], **kwargs) -> None:
        super().__init__(*args, **kwargs)
        choices = list(groups)
        self.fields["which"].choices = choices
        if len(choices) == 1:
            self.fields["which"].widget = forms.HiddenInput()
            self.fields["which"].initial = choices[0][0]

    def chosen_of(self, live: Iterable[Referral]) -> Referral:
        """Return the one that a valid form is about."""
        return next(row for row in live if str(row.pk) == self.cleaned_data["which"])

    def told(self) -> Told:
        """Give the answers of a valid form."""
        data = self.cleaned_data
        return Told(
            went=data["went"],
            felt=data["felt"],
            spoke=data["spoke"],
            pushed=data["pushed"],
            knew=data["knew"] or Disclosed.RATHER_NOT_SAY,
            again=data["again"],
            may_help=data["may_help"],
        )


class CodeForm(forms.Form):
    """The six digits that were given apart from the link."""

    use_required_attribute = False

    code = forms.CharField(
        label=_("Your 6-digit code"),
        help_text=_("You got it apart from this page."),
        max_length=20,
        widget=forms.TextInput(attrs={"autocomplete": "off", "inputmode": "numeric"}),
        error_messages={"required": _("Type the six digits.")},
    )
