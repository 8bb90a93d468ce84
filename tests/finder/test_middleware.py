"""What the middleware of the whole site does to every answer."""

import pytest
from django.http import HttpResponse, StreamingHttpResponse
from django.test import RequestFactory

from finder.middleware import NoBodyForHead


def answers(response):
    return NoBodyForHead(lambda _request: response)


def test_head_brings_the_headers_of_get_and_no_body():
    response = answers(HttpResponse("twelve bytes"))(RequestFactory().head("/"))

    assert response.content == b""
    assert response["Content-Length"] == "12"


def test_head_of_a_stream_writes_none_of_it():
    def pieces():
        raise AssertionError("The body of a HEAD request was written.")
        yield b""

    response = answers(StreamingHttpResponse(pieces()))(RequestFactory().head("/"))

    assert b"".join(response.streaming_content) == b""


def test_get_keeps_its_body():
    response = answers(HttpResponse("twelve bytes"))(RequestFactory().get("/"))

    assert response.content == b"twelve bytes"


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/", "/livez", "/programs/", "/nowhere/"])
def test_every_page_answers_head(client, path):
    response = client.head(path)

    assert response.content == b""
    assert int(response["Content-Length"]) > 0
