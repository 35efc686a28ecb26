"""Every example in a docstring runs and prints what it says."""

import doctest
import importlib
import pkgutil

import numpy as np
import pytest

import adcourse
from adcourse.core.primitive import later, table

MODULES = [
    m.name
    for m in pkgutil.walk_packages(adcourse.__path__, "adcourse.")
    if "__main__" not in m.name
]


@pytest.mark.parametrize("name", ["adcourse", *MODULES])
def test_examples(name):
    module = importlib.import_module(name)
    for library in list(later):  # rows that the package itself enters on first use
        later.pop(library)()
    before = dict(table)
    results = doctest.testmod(module, extraglobs={"np": np})
    for function in table.keys() - before.keys():  # rows that an example entered
        del table[function]
    assert results.failed == 0
