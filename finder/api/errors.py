"""How the API says no: one sentence, and a list of sentences for each parameter."""

from django.core.exceptions import SuspiciousOperation
from django.utils.translation import gettext as _
from rest_framework.exceptions import APIException
from rest_framework.response import Response
from rest_framework.views import exception_handler


class BadParameters(APIException):
    """Parameters that cannot be understood; nothing is dropped in silence."""

    status_code = 400

    def __init__(self, errors: dict[str, list[str]]) -> None:
        self.errors = errors
        super().__init__(next(iter(errors.values()))[0])


def as_sentences(error: Exception, context: dict) -> Response | None:
    """Return {"detail": sentence, "errors": {...}} for every refusal."""
    if isinstance(error, SuspiciousOperation):
        return Response({"detail": _("That request is too large."), "errors": {}}, status=400)
    response = exception_handler(error, context)
    if response is None:
        return None
    detail = str(getattr(error, "detail", None) or response.data.get("detail", ""))
    response.data = {"detail": detail, "errors": getattr(error, "errors", {})}
    return response
