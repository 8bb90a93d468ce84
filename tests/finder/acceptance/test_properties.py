"""What holds for any evidence."""

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from finder.acceptance import METHOD, Answers, Piece, score, tier
from finder.vocab import Disclosed, EvidenceKind, EvidenceTarget, Label, Medication, PressureFrom
from tests.finder.acceptance.cast import ALL_YES, TODAY, read, report

answer = st.sampled_from(["yes", "no", ""])
answers = st.builds(Answers, *[answer] * 6)
programs = st.sampled_from([*METHOD.priors, "na", "aa"])
medications = st.sampled_from(list(Medication))
ages = st.integers(0, 3000)


any_kind = st.sampled_from(list(EvidenceKind))


@st.composite
def pieces(draw, kinds=any_kind, said=answers):
    kind = draw(kinds)
    return Piece(
        kind=kind,
        target=draw(st.sampled_from(list(EvidenceTarget))),
        on=TODAY - timedelta(days=draw(ages)),
        answers=draw(said),
        disclosed=draw(st.sampled_from(list(Disclosed))),
        pressure_from=draw(st.sampled_from(list(PressureFrom))),
        is_affirming=kind == EvidenceKind.GROUP_STATEMENT and draw(st.booleans()),
    )


bags = st.lists(pieces(), max_size=8)


@given(answers)
def test_score_stays_between_zero_and_one(given_answers):
    y = score(given_answers)

    assert y is None or 0 <= y <= 1


@given(answers, st.sampled_from(["attend", "speak", "service", "milestone", "sponsor"]))
def test_unknown_answer_never_lowers_y_below_a_no(given_answers, name):
    unknown = score(Answers(**vars(given_answers) | {name: ""}))
    no = score(Answers(**vars(given_answers) | {name: "no"}))

    assert unknown is None or no is None or unknown >= no


@given(bags, programs, medications, pieces(said=st.just(ALL_YES)))
def test_adding_a_good_piece_never_lowers_the_lower_bound(bag, program, medication, more):
    before = read(*bag, program=program, medication=medication)
    after = read(*bag, more, program=program, medication=medication)

    assert after.lower >= before.lower - 1e-9


barred = answers.filter(lambda said: said.is_barred)


@given(bags, programs, medications, pieces(said=barred))
def test_adding_a_bad_piece_never_raises_the_lower_bound(bag, program, medication, more):
    before = read(*bag, program=program, medication=medication)
    after = read(*bag, more, program=program, medication=medication)

    assert after.lower <= before.lower + 1e-9


@given(bags.flatmap(lambda bag: st.tuples(st.just(bag), st.permutations(bag))), programs)
def test_order_is_irrelevant(two, program):
    bag, shuffled = two

    assert read(*bag, program=program) == read(*shuffled, program=program)


@given(st.integers(10, 60), st.integers(0, 5))
def test_cap_is_idempotent(count, more):
    at_cap = read(*[report() for _ in range(count)])
    beyond = read(*[report() for _ in range(count + more)])

    assert beyond.weight == pytest.approx(at_cap.weight) == pytest.approx(10)
    assert beyond.label == at_cap.label


@given(st.data(), st.sampled_from(list(EvidenceKind)), programs, medications, st.integers(1, 2000))
def test_mean_of_one_kind_only_nears_the_prior_with_age(data, kind, program, medication, days):
    bag = data.draw(st.lists(pieces(kinds=st.just(kind)), max_size=8))
    prior = METHOD.prior(program, medication)
    middle = prior.a / (prior.a + prior.b)

    now = read(*bag, program=program, medication=medication)
    later = read(*bag, program=program, medication=medication, today=TODAY + timedelta(days=days))

    assert abs(later.mean - middle) <= abs(now.mean - middle) + 1e-12


@given(bags, programs, medications)
def test_mean_goes_to_the_prior_in_the_end(bag, program, medication):
    prior = METHOD.prior(program, medication)

    found = read(*bag, program=program, medication=medication, today=date(2200, 1, 1))

    assert found.mean == pytest.approx(prior.a / (prior.a + prior.b), abs=1e-6)


@settings(max_examples=200)
@given(bags, programs, medications, st.data())
def test_weakening_never_yields_a_better_positive_label(bag, program, medication, data):
    """A label below 'not known' may become 'not known' when its good side falls away."""
    weaker = [Piece(**vars(item) | {"answers": _weakened(item.answers, data.draw)}) for item in bag]

    before = read(*bag, program=program, medication=medication)
    after = read(*weaker, program=program, medication=medication)

    floor = tier(Label.NOT_KNOWN)
    assert min(tier(after.label), floor) >= min(tier(before.label), floor)


def _weakened(said, draw):
    """Turn some yes into no, but none that decides whether the piece counts at all."""
    flips = {name: "no" for name, old in vars(said).items() if old == "yes" and draw(st.booleans())}
    if score(said) is None or "no_pressure" in flips:
        return said
    return Answers(**vars(said) | flips)


@given(bags, programs, medications)
def test_a_group_is_never_mixed_without_two_sides(bag, program, medication):
    found = read(*bag, program=program, medication=medication)

    if found.label == Label.MIXED:
        assert found.positive >= 1 and found.negative >= 1
    assert found.label != Label.REPORTED_LIMITS
    assert 0 <= found.lower <= found.upper <= 1
