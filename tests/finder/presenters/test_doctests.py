"""The examples in the presenters' own words hold."""

import doctest
import importlib
import pkgutil

import pytest

import finder.presenters

MODULES = [
    "finder.forms",
    "finder.rendering",
    "finder.requests",
    "finder.views.question",
    *[
        f"finder.presenters.{module.name}"
        for module in pkgutil.iter_modules(finder.presenters.__path__)
    ],
]


@pytest.mark.parametrize("name", MODULES)
def test_examples_hold(name):
    failed, _tried = doctest.testmod(importlib.import_module(name))

    assert failed == 0
