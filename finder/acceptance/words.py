"""A label in the words that pages and handouts show; which label holds is assessing's."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from finder.acceptance.method import METHOD, Method
from finder.vocab import Basis, Label


def label_words(
    label: str, basis: str, program: str = "", *, method: Method = METHOD
) -> str | Promise:
    """Say a stored label in words; ``program`` is a slug.

    >>> str(label_words("not_known", "program"))
    'Not asked yet'
    """
    entry = method.priors.get(program)
    match Label(label), Basis(basis):
        case Label.AFFIRMING, _basis:
            if entry is not None and entry.prior.is_built_for:
                return _("Made for people on medication")
            return _("Stands by people on medication")
        case ((Label.ACCEPTING | Label.LIKELY_ACCEPTING), Basis.PROGRAM):
            return _("The program supports medication. This group has not been asked.")
        case Label.NOT_KNOWN, Basis.PROGRAM:
            return _("Not asked yet")
        case Label.NOT_KNOWN, Basis.GROUP:
            return _("Too little to say yet")
        case known, _basis:
            return known.label
