"""Every example in a docstring runs and prints what it says."""

import doctest
import importlib
import pkgutil

import numpy as np
import pytest

import adcourse

MODULES = [
    m.name
    for m in pkgutil.walk_packages(adcourse.__path__, "adcourse.")
    if "__main__" not in m.name
]


@pytest.mark.parametrize("name", ["adcourse", *MODULES])
def test_examples(name):
    module = importlib.import_module(name)
    results = doctest.testmod(module, extraglobs={"np": np})
    assert results.failed == 0
