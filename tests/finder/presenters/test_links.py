"""Nothing but the web, the telephone and a map ever becomes a link."""

import pytest

from finder.presenters.links import dial_link, map_links, site_name, web_link

BAD = [
    "javascript:alert(1)",
    "JaVaScRiPt:alert(1)",
    "java\tscript:alert(1)",
    "java\nscript:alert(1)",
    "data:text/html,<script>alert(1)</script>",
    "vbscript:msgbox(1)",
    "//example.org/x",
    "example.org",
    "http://",
    "https:///x",
    "http://[::1",
    "ftp://example.org",
    "mailto:someone@example.org",
    "https://example.org/a b",
    "\x00https://example.org",
    "",
]


@pytest.mark.parametrize("address", BAD)
def test_bad_address_is_no_link(address):
    assert web_link(address) == ""
    assert site_name(address) == ""


def test_good_address_is_kept_as_it_is():
    assert (
        web_link(" https://example.org/j/1?pwd=a%20b#x ") == "https://example.org/j/1?pwd=a%20b#x"
    )


@pytest.mark.parametrize(
    "number, link",
    [
        ("+1 (202) 555-0147", "tel:+12025550147"),
        ("202-555-0147,,123#", "tel:2025550147,,123#"),
        ("ask", ""),
        ("12", ""),
    ],
)
def test_number_is_dialled_by_its_digits(number, link):
    assert dial_link(number) == link


def test_map_links_lead_to_the_point():
    links = map_links(40.0, -104.98765)

    assert links["device"] == "geo:40,-104.98765"
    assert "mlat=40&mlon=-104.98765" in links["web"]
