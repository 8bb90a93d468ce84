"""Two invented programs: only they may show mixed reports, limits or a caution."""

from django.utils.translation import gettext_noop

from finder.vocab import Format, Model

_POSITION = gettext_noop(
    "This program does not exist. It stands here so that every kind of label can be seen."
)


def _invented(slug: str, name: str, *, model: str, sentence: str) -> dict:
    return {
        "slug": slug,
        "name": f"{name} (invented)",
        "short_name": f"{name} (invented)",
        "sort_key": name.casefold(),
        "model": model,
        "is_secular": model == Model.SECULAR,
        "is_demo": True,
        "target": gettext_noop("Nobody: an invented program for demonstrations."),
        "substances": ["any"],
        "formats": [Format.IN_PERSON, Format.ONLINE, Format.HYBRID, Format.PHONE],
        "languages": ["en"],
        "size": gettext_noop("Invented."),
        "what_happens": gettext_noop(
            "People would sit in a circle and speak in turn. You could just listen."
        ),
        "first_visit": gettext_noop("There is no meeting to visit: this program is invented."),
        "support_word": "support person",
        "position": _POSITION,
        "position_sentence": sentence,
        "position_source": gettext_noop("Invented"),
        "position_date": gettext_noop("invented"),
    }


INVENTED = (
    _invented(
        "lantern-circle",
        "Lantern Circle",
        model=Model.HUB,
        sentence=gettext_noop("An invented program: each circle would decide."),
    ),
    _invented(
        "harbor-table",
        "Harbor Table",
        model=Model.SECULAR,
        sentence=gettext_noop("An invented program: each table would decide."),
    ),
)
