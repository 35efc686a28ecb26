"""Cities and how far they are from each other."""

import csv
from pathlib import Path
from typing import NamedTuple

import numpy as np

EARTH = 6371.0088  # mean radius in km (Moritz 2000, Geodetic Reference System 1980)


class Cities(NamedTuple):
    """Names, and their latitudes (north) and longitudes (east) in degrees, each of length n."""

    names: list
    latitude: np.ndarray
    longitude: np.ndarray


def cities(continent=None):
    """65 cities in alphabetical order, or those of one continent: "Europe" has 31.

    Positions are of the city centres, to 0.01 degrees: geographic facts, free of any licence.

    Raises ValueError for a continent that has no city here.

    >>> names, latitude, longitude = cities()
    >>> names[0], latitude[0], longitude[0]
    ('Amsterdam', np.float64(52.37), np.float64(4.9))
    """
    with Path(__file__).with_name("cities.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    known = sorted({row["continent"] for row in rows})
    if continent is not None and continent not in known:
        raise ValueError(f"continent must be one of {', '.join(known)}, not {continent!r}.")
    rows = [row for row in rows if continent in (None, row["continent"])]
    angles = np.array([[float(row["latitude"]), float(row["longitude"])] for row in rows])
    return Cities([row["city"] for row in rows], *angles.T.copy())


def great_circle(latitude, longitude):
    """Distances in km along the sphere between n places given in degrees: an n × n matrix.

    By the haversine formula, which stays exact where places are close (Sinnott 1984), with the
    mean radius 6371.0088 km. Error against the true ellipsoid: up to 0.5 %.

    >>> great_circle([0.0, 0.0], [0.0, 180.0]).round()
    array([[    0., 20015.],
           [20015.,     0.]])
    """
    phi, lam = np.radians(latitude), np.radians(longitude)
    up = np.sin((phi[:, None] - phi) / 2) ** 2
    along = np.sin((lam[:, None] - lam) / 2) ** 2
    haversine = up + np.cos(phi)[:, None] * np.cos(phi) * along
    return 2 * EARTH * np.arcsin(np.sqrt(np.minimum(haversine, 1.0)))
