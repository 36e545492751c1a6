"""Paired tests and intervals, held against cases worked by hand."""

from math import comb

import numpy as np
import pytest

from eval.significance import holm, interval, p_value, paired


def test_mcnemar_is_the_binomial_of_the_questions_that_changed():
    # 6 fell, 1 rose, 13 stayed: two-sided 2 * (C(7,0) + C(7,1)) / 2^7 = 0.125, one-sided half of it.
    before = [1] * 6 + [0] + [1] * 13
    after = [0] * 6 + [1] + [1] * 13
    assert p_value(before, after) == pytest.approx(2 * (comb(7, 0) + comb(7, 1)) / 2**7)
    assert p_value(before, after, "less") == pytest.approx((comb(7, 0) + comb(7, 1)) / 2**7)
    difference = paired(before, after)
    assert (difference.test, difference.up, difference.down) == ("McNemar", 1, 6)
    assert difference.difference == pytest.approx(-5 / 20)


def test_means_are_tested_by_all_signs_of_few_differences():
    # Differences -0.1, -0.2, -0.3: of the 8 signs one gives a sum as low, and one as high.
    before, after = [0.5, 0.6, 0.7, 0.4], [0.4, 0.4, 0.4, 0.4]
    assert p_value(before, after, "less") == pytest.approx(1 / 8)
    assert p_value(before, after) == pytest.approx(2 / 8)
    assert paired(before, after).test == "permutation"


def test_one_difference_of_means_says_nothing():
    assert p_value([0.5, 1.0], [0.4, 1.0]) == 1.0
    assert p_value([0.5, 1.0], [0.4, 1.0], "less") == 0.5


def test_runs_that_are_equal_differ_by_nothing():
    difference = paired([1.0, 0.0, 1.0], [1.0, 0.0, 1.0])
    assert (difference.p, difference.low, difference.high, difference.up, difference.down) == (1.0, 0.0, 0.0, 0, 0)


def test_the_interval_of_a_mean_is_about_two_standard_errors_to_each_side():
    values = np.random.default_rng(0).normal(3.0, 2.0, 400)
    low, high = interval(values.tolist())
    error = values.std() / 20
    assert low == pytest.approx(values.mean() - 1.96 * error, abs=0.2 * error)
    assert high == pytest.approx(values.mean() + 1.96 * error, abs=0.2 * error)


def test_the_same_runs_give_the_same_numbers():
    random = np.random.default_rng(1)
    before, after = random.random(60).tolist(), random.random(60).tolist()
    assert paired(before, after) == paired(before, after)


def test_holm_multiplies_the_smallest_by_all_and_never_falls_back():
    assert holm([0.01, 0.04, 0.03]) == pytest.approx([0.03, 0.06, 0.06])
    assert holm([0.6, 0.7]) == [1.0, 1.0]
    assert holm([]) == []
