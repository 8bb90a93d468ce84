"""The log says what happened and never to whom, where or with which words."""

import json
import logging

import pytest
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.test import RequestFactory

from finder import logs


def lines(caplog):
    return [record.getMessage() for record in caplog.records]


def test_request_line_has_route_and_status_only(caplog):
    caplog.set_level(logging.INFO, "finder.requests")
    request = RequestFactory().get("/somewhere/CANARY-TOKEN/?q=CANARY", HTTP_USER_AGENT="CANARY")

    response = logs.RequestLog(lambda _: HttpResponse("ok"))(request)

    text = " ".join(str(record.msg) for record in caplog.records)
    assert "CANARY" not in text
    assert "unmatched" in text
    assert len(response["X-Request-ID"]) == 32


def test_exception_is_logged_without_its_message(caplog):
    caplog.set_level(logging.INFO, "finder.requests")
    middleware = logs.RequestLog(lambda _: HttpResponse())
    try:
        raise ValueError("CANARY label of a patient")
    except ValueError as error:
        middleware.process_exception(RequestFactory().post("/"), error)

    text = " ".join(str(record.msg) for record in caplog.records)
    assert "ValueError" in text
    assert "CANARY" not in text


@pytest.mark.parametrize("error", [Http404("CANARY"), PermissionDenied()])
def test_refusal_is_no_error_of_the_site(caplog, error):
    caplog.set_level(logging.INFO, "finder.requests")

    logs.RequestLog(lambda _: HttpResponse()).process_exception(RequestFactory().get("/"), error)

    assert not caplog.records


def test_formatter_writes_one_json_object_a_line():
    record = logging.LogRecord("x", logging.INFO, "f", 1, "plain\nwords", (), None)

    written = logs.formatter().format(record)

    assert json.loads(written)["event"] == "plain\nwords"
    assert "\n" not in written
