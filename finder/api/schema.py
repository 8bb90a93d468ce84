"""The description of the parameters, made from the same filters that read them."""

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter

from finder.api.serializers import ErrorShape
from finder.search.parameters import FILTERS, ListingFilter

REFUSED = {400: ErrorShape}
MISSING = {404: ErrorShape}
_WHOLE = ("starts_within", "explain", "page_size")


def search_parameters() -> list[OpenApiParameter]:
    """Return every parameter of the search."""
    return [_parameter(name, field) for name, field in FILTERS.items()]


def only(*names: str) -> list[OpenApiParameter]:
    """Return some parameters of the search."""
    return [_parameter(name, FILTERS[name]) for name in names]


def _parameter(name: str, field: ListingFilter) -> OpenApiParameter:
    choices = field.extra.get("choices")
    # Programs and languages are data: they are listed at facets, not frozen in the description.
    codes = [code for code, _label in choices if code] if isinstance(choices, list) else None
    return OpenApiParameter(
        name=name,
        type=OpenApiTypes.NUMBER
        if name == "within"
        else OpenApiTypes.INT
        if name in _WHOLE
        else OpenApiTypes.STR,
        many=field.is_list,
        enum=None if field.is_list else codes,
        explode=True if field.is_list else None,
        description=_description(field, codes if field.is_list else None),
    )


def _description(field: ListingFilter, codes: list[str] | None) -> str:
    parts = [str(field.extra.get("help_text") or field.label).rstrip(".") + "."]
    if codes:
        # Not an enum: a value may hold several codes with commas between.
        parts.append(f"One or more of {', '.join(codes)}; repeat it or put commas between.")
    elif field.is_list:
        parts.append("Repeat it or put commas between; the codes are listed at facets.")
    return " ".join(parts)
