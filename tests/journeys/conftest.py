"""Visitors of a journey, whose browsers are closed when it ends."""

import pytest

from tests.journeys.watching import open_page


@pytest.fixture
def visit(chromium):
    """Open visitors that write down what their browser asks and complains of."""
    pages = []

    def open_visitor(**options):
        pages.append(open_page(chromium, **options))
        return pages[-1]

    yield open_visitor
    for page in pages:
        page.context.close()
