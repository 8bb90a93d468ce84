"""The rows of groups and programs; those of meetings are written by the index."""

from finder.models import Group, Program
from finder.search.document import read_acceptance


def group_row(group: Group) -> dict:
    """Return what the API says of a group; program and assessments must be loaded."""
    readings = {assessment.medication: assessment for assessment in group.assessments.all()}
    return {
        "id": group.pk,
        "name": group.name,
        "program": {"slug": group.program.slug, "name": group.program.name},
        "status": group.status,
        "website": group.website,
        "languages": group.languages,
        "languages_no": group.languages_no,
        "focus": group.focus,
        "focus_no": group.focus_no,
        "access": group.access,
        "access_no": group.access_no,
        "acceptance": read_acceptance(group, readings),
        "verified_on": group.verified_on,
        "url": f"/groups/{group.pk}/",
    }


def program_row(program: Program) -> dict:
    """Return what the API says of a program, whose meetings are counted."""
    return {
        "slug": program.slug,
        "name": program.name,
        "short_name": program.short_name,
        "model": program.model,
        "secular": program.is_secular,
        "family": program.is_family,
        "target": program.target,
        "formats": program.formats,
        "languages": program.languages,
        "website": program.website,
        "position": {
            "text": program.position,
            "sentence": program.position_sentence,
            "source": program.position_source,
            "date": program.position_date,
            "verified": program.position_is_verified,
        },
        "meetings": program.meetings,
        "url": f"/programs/{program.slug}/",
    }
