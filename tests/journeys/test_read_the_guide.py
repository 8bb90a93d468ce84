"""A mother who reads Spanish learns about groups, compares two, and leaves in a hurry."""

import pytest
from django.core.management import call_command

from tests.journeys.watching import (
    assert_accessible,
    assert_fits,
    assert_no_trace,
    history_of,
    open_page,
)

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_mother_reads_in_spanish_compares_and_leaves(now, live_server, chromium):
    call_command("load_programs", verbosity=0)
    page = open_page(chromium)
    page.goto(live_server.url)

    page.get_by_role("link", name="Español").click()
    page.get_by_role("link", name="Para familias y amigos").click()
    main = page.locator("main")
    assert "aumenta el riesgo de muerte" in main.inner_text()
    assert "naloxona" in main.inner_text()
    page.get_by_role("link", name="Comparar programas").click()
    page.get_by_text("Elija programas", exact=True).click()
    for name in ("Narcotics Anonymous", "SMART Recovery"):
        page.locator(".compare-form").get_by_text(name, exact=True).click()
    page.get_by_role("button", name="Comparar").click()

    assert page.url.endswith("/es/guide/programs/?p=na&p=smart")
    assert main.locator(".compare__column").count() == 2
    assert "NA busca no usar ninguna droga" in main.inner_text()
    assert_accessible(page)
    assert_fits(page)
    page.get_by_role("link", name="English").click()
    assert page.url.endswith("/guide/programs/?p=na&p=smart") and "/es/" not in page.url
    page.wait_for_load_state()
    for _press in range(3):
        page.keyboard.press("Shift")
    page.wait_for_url("**/blank/")
    assert "English" not in page.content()
    assert "medication" not in history_of(page).lower()
    assert_no_trace(page, live_server.url)
    page.context.close()


@pytest.mark.parametrize("width", [320, 768, 1280])
def test_pages_of_the_guide_fit_every_screen(now, live_server, chromium, width):
    call_command("load_programs", verbosity=0)
    page = open_page(chromium, width=width, java_script_enabled=False)

    for path in ("/guide/", "/es/guide/programs/", "/es/guide/family/", "/es/safety/"):
        page.goto(f"{live_server.url}{path}")
        assert_fits(page)
    page.context.close()
