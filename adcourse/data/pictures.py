"""Pictures as arrays: handwritten digits with their labels, and one portrait."""

from pathlib import Path
from typing import NamedTuple

import numpy as np

TEST_EVERY = 5  # each fifth image of a class is a test image


class Digits(NamedTuple):
    """`images` of shape (n, 8, 8), ink from 0 to 1, and `labels` of shape (n,), integers 0 to 9."""

    images: np.ndarray
    labels: np.ndarray


def digits(part=None):
    """Handwritten digits: all 1797, or those of `part` "train" (1442) or "test" (355).

    The split is fixed: every fifth image of each class is for testing. An entry is the share of
    black pixels in a 4 × 4 block, in sixteenths.

    Source: E. Alpaydin, C. Kaynak, Optical Recognition of Handwritten Digits, UCI Machine Learning
    Repository 1998 (doi 10.24432/C50P49), its test set; licence CC BY 4.0. Described in: Cascading
    classifiers, Kybernetika 34(4), 1998, pages 369–374.

    Raises ValueError for another part.

    >>> images, labels = digits("train")
    >>> images.shape, labels[:5]
    ((1442, 8, 8), array([0, 1, 2, 3, 4]))
    """
    if part not in (None, "train", "test"):
        raise ValueError(f'part must be "train", "test" or None for all, not {part!r}.')
    with np.load(Path(__file__).with_name("digits.npz")) as file:
        images, labels = file["images"] / 16, file["labels"].astype(int)
    if part is None:
        return Digits(images, labels)
    is_test = np.zeros(len(labels), bool)
    for digit in range(10):
        is_test[np.flatnonzero(labels == digit)[TEST_EVERY - 1 :: TEST_EVERY]] = True
    chosen = is_test if part == "test" else ~is_test
    return Digits(images[chosen], labels[chosen])


def portrait():
    """Grace Hopper, who wrote the first compiler, as a 120 × 96 matrix of greys from 0 to 1.

    Her official photograph as Rear Admiral of the US Navy, in the public domain as a work of the US
    government; cut and scaled down.

    >>> portrait().shape
    (120, 96)
    """
    with np.load(Path(__file__).with_name("portrait.npz")) as file:
        return file["grey"] / 255
