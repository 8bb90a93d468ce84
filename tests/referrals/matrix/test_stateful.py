"""No order of acts shows an organization what is another's; whole in ``bench reliability``."""

import pytest

from tests.referrals.matrix.stateful import Clinics, run


@pytest.mark.django_db
def test_no_answer_holds_what_belongs_to_another():
    seen = run(runs=10, steps=30)

    assert seen.answers > 200
    assert {200, 302, 403, 404} <= set(seen.by_status)


def test_machine_notices_a_leak():
    """What the machine asks of each answer could fail."""

    class Answer:
        status_code, content, headers = 200, b"<p>ZQ7-c1-p0-abc</p>", {}

    machine = Clinics.__new__(Clinics)
    machine.patients = []

    with pytest.raises(AssertionError, match="another organization's"):
        machine.look(Answer(), home=0, who=0)
    machine.look(Answer(), home=1, who=None)
