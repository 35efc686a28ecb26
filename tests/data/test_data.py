"""The data: what it claims to be, against facts that are not in it."""

import numpy as np
import pytest

from adcourse import data

RADIUS = 6371.0088


def test_cities_are_many_and_on_earth():
    names, latitude, longitude = data.cities()
    assert len(names) == len(set(names)) == len(latitude) == len(longitude) >= 25
    assert names == sorted(names)
    assert np.all(np.abs(latitude) < 90) and np.all(np.abs(longitude) <= 180)
    assert len(data.cities("Europe").names) == 31
    parts = ["Africa", "Asia", "Europe", "North America", "Oceania", "South America"]
    assert sum(len(data.cities(part).names) for part in parts) == len(names)
    with pytest.raises(ValueError, match="Africa, Asia, Europe"):
        data.cities("Atlantis")


@pytest.mark.parametrize(
    ("one", "other", "kilometres"),  # great-circle distances as printed in tables
    [
        ("London", "New York", 5570),
        ("Paris", "Berlin", 878),
        ("Tokyo", "Sydney", 7820),
        ("Moscow", "Vancouver", 8190),
        ("Cape Town", "Buenos Aires", 6870),
        ("Los Angeles", "Honolulu", 4120),
        ("Madrid", "Rome", 1365),
    ],
)
def test_distances_between_cities(one, other, kilometres):
    names, *angles = data.cities()
    D = data.great_circle(*angles)
    assert D[names.index(one), names.index(other)] == pytest.approx(kilometres, rel=0.01)


def test_distances_are_those_of_points_on_a_sphere():
    """Another formula: the angle between unit vectors, from their cross and dot product."""
    _, latitude, longitude = data.cities()
    phi, lam = np.radians([latitude, longitude])
    X = np.stack([np.cos(phi) * np.cos(lam), np.cos(phi) * np.sin(lam), np.sin(phi)], axis=1)
    sine = np.linalg.norm(np.cross(X[:, None], X[None]), axis=-1)
    D = data.great_circle(latitude, longitude)
    np.testing.assert_allclose(D, RADIUS * np.arctan2(sine, X @ X.T), rtol=1e-9, atol=1e-9)
    assert np.array_equal(D, D.T) and not np.any(np.diag(D))


def test_neighbours_and_antipodes():
    D = data.great_circle([10.0, 10.0 + 1e-9, -10.0], [20.0, 20.0, -160.0])
    assert D[0, 1] == pytest.approx(RADIUS * np.radians(1e-9), rel=1e-6)
    assert D[0, 2] == pytest.approx(np.pi * RADIUS)


def test_digits():
    images, labels = data.digits()
    assert images.shape == (1797, 8, 8) and images.dtype == float
    assert images.min() == 0 and images.max() == 1
    # Counts per class of the original test set, from its documentation.
    expected = [178, 182, 177, 183, 181, 182, 181, 179, 174, 180]
    assert np.bincount(labels).tolist() == expected


def test_the_split_is_a_partition():
    train, test, every = data.digits("train"), data.digits("test"), data.digits()
    assert len(train.labels) == 1442 and len(test.labels) == 355
    rows = np.concatenate([train.images, test.images]).reshape(1797, 64)
    both = np.column_stack([rows, np.concatenate([train.labels, test.labels])])
    whole = np.column_stack([every.images.reshape(1797, 64), every.labels])
    assert sorted(map(tuple, both)) == sorted(map(tuple, whole))
    assert min(np.bincount(test.labels)) >= 34
    with pytest.raises(ValueError, match='"train", "test"'):
        data.digits("validation")


def test_digits_can_be_told_apart():
    """Labels belong to images: the nearest class mean names nine of ten test images."""
    train, test = data.digits("train"), data.digits("test")
    means = np.stack([train.images[train.labels == k].mean(axis=0) for k in range(10)])
    gaps = np.sum((test.images[:, None] - means) ** 2, axis=(2, 3))
    assert np.mean(np.argmin(gaps, axis=1) == test.labels) > 0.88


def test_the_portrait_is_nearly_of_low_rank_and_not_of_low_rank():
    picture = data.portrait()
    assert picture.shape == (120, 96) and picture.min() >= 0 and picture.max() <= 1
    energy = np.cumsum(np.linalg.svd(picture, compute_uv=False) ** 2)
    assert energy[19] / energy[-1] > 0.97 and np.linalg.matrix_rank(picture) == 96
