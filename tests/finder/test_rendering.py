"""Fields come with the design system's classes, and each error is said twice: above and beside."""

import pytest
from django import forms


class Sample(forms.Form):
    name = forms.CharField(help_text="As it is said")
    kind = forms.ChoiceField(choices=[("a", "A"), ("b", "B")])
    note = forms.CharField(widget=forms.Textarea(attrs={"class": "wide"}), required=False)
    agree = forms.BooleanField(label="I agree")
    days = forms.MultipleChoiceField(
        choices=[("mon", "Monday"), ("tue", "Tuesday")], widget=forms.CheckboxSelectMultiple
    )
    way = forms.ChoiceField(choices=[("bus", "Bus")], widget=forms.RadioSelect)
    token = forms.CharField(widget=forms.HiddenInput, required=False)


@pytest.mark.parametrize(
    "field, expected",
    [
        ("name", "usa-input"),
        ("kind", "usa-select"),
        ("note", "wide usa-textarea"),
        ("agree", "usa-checkbox__input"),
        ("days", "usa-checkbox__input"),
        ("way", "usa-radio__input"),
    ],
)
def test_widget_has_its_class(field, expected):
    assert f'class="{expected}"' in str(Sample()[field])


def test_hidden_field_has_no_class():
    assert "class=" not in str(Sample()["token"])


def test_tick_boxes_have_their_labels_beside_them():
    html = str(Sample()["days"])

    assert '<label class="usa-checkbox__label" for="id_days_0">Monday</label>' in html
    assert html.count("<label") == 2


def test_error_is_in_the_summary_and_beside_its_field():
    html = str(Sample({"kind": "a", "agree": "on", "days": "mon", "way": "bus"}))

    assert '<a class="usa-link" href="#id_name">' in html
    assert 'id="id_name_error"' in html
    assert "id_name_error" in html.split("aria-describedby=")[1]
    assert "usa-form-group--error" in html


def test_valid_form_has_no_summary():
    assert 'role="alert"' not in str(Sample())


def test_what_was_typed_is_escaped():
    html = str(Sample({"name": "<script>alert(1)</script>"}))

    assert "<script>" not in html


def test_names_of_choices_are_escaped():
    class Odd(forms.Form):
        kind = forms.ChoiceField(choices=[("<", "<b>"), ("Group", [("&", 'say "&"')])])
        days = forms.MultipleChoiceField(
            choices=[('"', "<i>")], widget=forms.CheckboxSelectMultiple(attrs={"title": '"'})
        )

    html = str(Odd({"kind": "&", "days": ['"']}))

    assert '<option value="&lt;">&lt;b&gt;</option>' in html
    assert '<optgroup label="Group"><option value="&amp;" selected>say &quot;&amp;&quot;' in html
    assert 'value="&quot;" title="&quot;"' in html and "checked" in html
    assert "<b>" not in html and "<i>" not in html
