"""An address as a drawing for a phone's camera."""

import segno
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _


def code_of(address: str) -> SafeString:
    """Draw an address of our own as SVG that stands in the page."""
    drawing = segno.make(address, error="m", micro=False).svg_inline(
        omitsize=True, svgclass="code", lineclass=None, title=_("Code")
    )
    # Made by segno, which escapes what it writes.
    return mark_safe(drawing)
