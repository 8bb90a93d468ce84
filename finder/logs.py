"""The site's log: one JSON line a request, with ids and never a path, a query or a name."""

import logging
import time
import traceback
import uuid
from collections.abc import Callable

import structlog
from django.core.exceptions import BadRequest, PermissionDenied, SuspiciousOperation
from django.http import Http404, HttpRequest, HttpResponse

_log = structlog.get_logger("finder.requests")

PROCESSORS = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_log_level,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
]


def configure() -> None:
    """Send structlog through the standard library, so that one handler writes every line."""
    structlog.configure(
        processors=[*PROCESSORS, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        cache_logger_on_first_use=True,
    )


def formatter() -> logging.Formatter:
    """Make the formatter of settings.LOGGING."""
    return structlog.stdlib.ProcessorFormatter(
        processors=[
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            structlog.processors.JSONRenderer(),
        ],
        foreign_pre_chain=PROCESSORS,
    )


class RequestLog:
    """Log method, route template, status and milliseconds under a request id.

    The route template is logged in place of the path, which may hold an id or a token. An
    exception is logged by its class and the lines it passed, never by its message, which
    may quote what a person typed.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        began = time.perf_counter()
        request_id = uuid.uuid4().hex
        with structlog.contextvars.bound_contextvars(request_id=request_id):
            response = self.get_response(request)
            _log.info(
                "request",
                method=request.method if request.method in _METHODS else "other",
                route=_route(request),
                status=response.status_code,
                ms=round((time.perf_counter() - began) * 1000, 1),
            )
        response["X-Request-ID"] = request_id
        return response

    def process_exception(self, request: HttpRequest, error: Exception) -> None:
        note_exception(request, error)


def note_exception(request: HttpRequest, error: Exception) -> None:
    """Write down that a view failed; a refusal is no failure."""
    if isinstance(error, _ANSWERS):
        return
    frames = traceback.extract_tb(error.__traceback__)[-8:]
    _log.error(
        "exception",
        kind=type(error).__name__,
        route=_route(request),
        lines=[f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames],
    )


# Raised to answer 400, 403 or 404: no fault of the site, and their request has its line.
_ANSWERS = (Http404, PermissionDenied, SuspiciousOperation, BadRequest)
_METHODS = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}


def _route(request: HttpRequest) -> str:
    match = getattr(request, "resolver_match", None)
    return match.route if match else "unmatched"
