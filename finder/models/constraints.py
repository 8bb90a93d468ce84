"""Makers of the constraints that several models share."""

from django.db.models import CheckConstraint, Q


def paired(name: str, *fields: str, empty_text: tuple[str, ...] = ()) -> CheckConstraint:
    """Tie facts that go together (who and when): all are set, or none is.

    ``empty_text`` names text fields among them, whose absence is '' and not NULL.
    """
    absent, present = Q(), Q()
    for field in fields:
        missing = Q(**{field: ""}) if field in empty_text else Q(**{f"{field}__isnull": True})
        absent, present = absent & missing, present & ~missing
    return CheckConstraint(condition=absent | present, name=name)


def one_of(name: str, field: str, values: list) -> CheckConstraint:
    """Allow only the stored ids of one vocabulary."""
    return CheckConstraint(condition=Q(**{f"{field}__in": list(values)}), name=name)


def between(name: str, field: str, low: float, high: float) -> CheckConstraint:
    """Allow a number from ``low`` to ``high``, or none."""
    inside = Q(**{f"{field}__gte": low, f"{field}__lte": high})
    return CheckConstraint(condition=inside | Q(**{f"{field}__isnull": True}), name=name)
