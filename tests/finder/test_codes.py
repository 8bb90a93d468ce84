import pytest

from finder import codes
from finder.codes.bmlt_formats import STOCK, WORLD
from finder.codes.meeting_types import BY_PROGRAM, SHARED
from finder.codes.names import NAMES
from finder.vocab import Access, Focus, MeetingType


# The collisions between programs that a flat table would get wrong.
@pytest.mark.parametrize(
    ("program", "code", "field", "value"),
    [
        ("aa", "A", "focus", "secular"),
        ("aa", "S", "languages", "es"),
        ("aca", "S", "types", "speaker"),
        ("aa", "T", "focus", "transgender"),
        ("aca", "T", "types", "literature"),
        ("aa", "Y", "focus", "young-people"),
        ("al-anon", "Y", "focus", "teens"),
        ("aa", "POA", "access", "proof-of-attendance"),
        ("al-anon", "POA", "focus", "parents"),
        ("aa", "B", "types", "literature"),
        ("aa", "SL", "languages", "sl"),
        ("aa", "IS", "languages", "is"),
        ("rd", "IS", "types", "writing"),
        ("na", "IW", "types", "literature"),
        ("rd", "IW", "types", "writing"),
        ("rd", "MI", "types", "meditation"),
        ("aa", "FF", "access", "fragrance-free"),
        ("smart", "FF", "focus", "families"),
        ("aa", "onl", "hint", "online"),
        ("aa", "Wheelchair Access", "access", "step-free"),
    ],
)
def test_meeting_type_means_what_its_program_says(program, code, field, value):
    assert value in getattr(codes.meeting_type(program, code), field)


@pytest.mark.parametrize(
    ("program", "code"), [("aca", "A"), ("sa", "MI"), ("ga", "Y"), ("aa", "ZZ9")]
)
def test_meeting_type_of_another_program_is_unknown(program, code):
    assert codes.meeting_type(program, code) is None


@pytest.mark.parametrize("program", [*BY_PROGRAM, "a-new-program"])
def test_med_is_meditation_in_every_program(program):
    assert codes.meeting_type(program, "MED").types == ("meditation",)


def test_every_code_says_only_what_the_vocabulary_holds():
    tables = [SHARED, NAMES, WORLD, *BY_PROGRAM.values(), *STOCK.values()]
    meanings = [meaning for table in tables for meaning in table.values()]

    assert {t for m in meanings for t in m.types} <= set(MeetingType.values)
    assert {f for m in meanings for f in m.focus} <= set(Focus.values)
    assert {a for m in meanings for a in (*m.access, *m.access_no)} <= set(Access.values)


# Key strings are neither stable nor unique: the world id counts.
@pytest.mark.parametrize(
    ("world_id", "key", "language", "field", "value"),
    [
        ("MED", "M", "it", "types", "meditation"),
        ("W", "K", "sv", "focus", "women"),
        ("", "K", "sv", "focus", "women"),
        ("", "S", "sv", "types", "closed"),
        ("", "RL", "sv", "access", "step-free"),
        ("", "M", "en", "focus", "men"),
        ("", "B", "en", "types", "beginner"),
        ("", "SL", "en", "access", "asl"),
        ("", "NC", "en", "access_no", "children-welcome"),
        ("HYBR", "x", "pt", "hint", "hybrid"),
        ("", "VM", "pt", "hint", "online"),
    ],
)
def test_bmlt_format_is_read_by_world_id_then_key_and_language(
    world_id, key, language, field, value
):
    meaning = codes.bmlt_format(world_id=world_id, key=key, language_code=language)

    assert value in (getattr(meaning, field) if field == "hint" else getattr(meaning, field))


def test_bmlt_key_of_another_language_is_unknown():
    assert codes.bmlt_format(world_id="", key="M", language_code="it") is None


@pytest.mark.parametrize(
    ("key", "name", "languages"),
    [
        ("ES", "Español", ("es",)),
        ("PER", "Persian", ("fa",)),
        ("L/R", "Lithuanian/Russian", ("lt", "ru")),
        ("ES", "", ("es",)),
    ],
)
def test_bmlt_language_formats_share_a_world_id_and_differ_by_name(key, name, languages):
    meaning = codes.bmlt_format(world_id="LANG", key=key, language_code="en", name=name)

    assert meaning.languages == languages
