"""Reading what is sent: JSON becomes what the forms of the pages read, and nothing is dropped."""

from collections.abc import Collection
from typing import Any
from uuid import UUID

from django import forms
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext as _
from rest_framework.request import Request

from finder.api.errors import BadParameters
from finder.vocab import Weekday

HEADER = "Idempotency-Key"


def body_of(request: Request, *, allowed: Collection[str]) -> dict[str, Any]:
    """Return the object that was sent; a name that is not known here is an error."""
    if not isinstance(request.data, dict):
        raise BadParameters({"body": [_("Send one object of JSON.")]})
    return known(request.data, allowed=allowed)


def known(told: Any, *, allowed: Collection[str], name: str = "body") -> dict[str, Any]:
    """Return an object whose names are all known."""
    if not isinstance(told, dict):
        raise BadParameters({name: [_("This must be an object.")]})
    extra = [key for key in told if key not in allowed]
    if extra:
        raise BadParameters({key: [_("This is not known here.")] for key in extra})
    return told


def as_form_data(told: dict[str, Any]) -> MultiValueDict:
    """Put values as a browser would send them."""
    return MultiValueDict({name: _texts(name, value) for name, value in told.items()})


def _texts(name: str, value: Any) -> list[str]:
    values = value if isinstance(value, list) else [value]
    found = []
    for each in values:
        if isinstance(each, dict | list):
            raise BadParameters({name: [_("Give one value, or a list of values.")]})
        if each is True:
            found.append("on")
        elif each is not None and each is not False:
            found.append(_day(each) if name == "days" else str(each))
    return found


def _day(value: Any) -> str:
    """Read mon to sun, as the rest of the API writes days."""
    try:
        return str(int(Weekday.from_code(value)))
    except (KeyError, TypeError):
        return str(value)


def cleaned(form: forms.Form) -> dict[str, Any]:
    """Return what a form read; raises BadParameters with every sentence."""
    if not form.is_valid():
        raise BadParameters({name: list(map(str, found)) for name, found in form.errors.items()})
    return form.cleaned_data


def with_key(request: Request, told: dict[str, Any]) -> dict[str, Any]:
    """Name one sending by the header or by ``key``, so that sending it twice is one act."""
    key = request.headers.get(HEADER)
    if key is None:
        return told
    if "key" in told and str(told["key"]) != key:
        raise BadParameters({"key": [_("The header and the body name it differently.")]})
    return {**told, "key": key}


def key_of(told: dict[str, Any]) -> UUID | None:
    """Return the name of this sending, if it has one."""
    if told.get("key") is None:
        return None
    try:
        return UUID(str(told["key"]))
    except ValueError:
        raise BadParameters({"key": [_("Give a UUID.")]}) from None
