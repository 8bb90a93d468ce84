"""The incomplete beta function and its quantiles against known values."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from finder.acceptance import incomplete_beta, quantile


@pytest.mark.parametrize(
    ("x", "a", "b", "share"),
    [
        (0.5, 2, 3, 0.6875),
        (0.25, 2, 2, 0.15625),
        (0.5, 8, 2, 0.01953125),
        (0.2, 1.64, 2.36, 0.20062716),
        (0.7, 5.5, 1.5, 0.25190445),
        (0.9, 7.76, 0.24, 0.09127500),
        (0.0, 2, 3, 0),
        (1.0, 2, 3, 1),
    ],
)
def test_incomplete_beta_gives_known_values(x, a, b, share):
    assert incomplete_beta(x, a, b) == pytest.approx(share, abs=5e-7)


@pytest.mark.parametrize(
    ("a", "b", "point"),
    [
        (1, 1, 0.1),
        (2, 2, 0.195800),
        (8, 2, 0.631638),
        (0.5, 0.5, 0.024472),
        (3, 1, 0.464159),
    ],
)
def test_quantile_gives_known_values(a, b, point):
    assert round(quantile(0.1, a, b), 6) == point


@given(st.floats(0.05, 500), st.floats(0.05, 500), st.floats(0.001, 0.999))
def test_quantile_undoes_the_incomplete_beta(a, b, share):
    point = quantile(share, a, b)

    # Where the curve is steep at an end, neighbouring floats differ by more than a rounding.
    if 1e-12 < point < 1 - 1e-12:
        assert incomplete_beta(point, a, b) == pytest.approx(share, abs=1e-6)


@given(st.integers(0, 1024), st.floats(0.05, 500), st.floats(0.05, 500))
def test_incomplete_beta_mirrors(parts, a, b):
    # Parts of 1024 are exact, and so is their distance to one.
    x = parts / 1024

    assert incomplete_beta(x, a, b) + incomplete_beta(1 - x, b, a) == pytest.approx(1, abs=1e-9)
