"""What every test shares."""

# `pytest --nbval` collects notebooks. Those under tests/ are material: blank, wrong, hostile.
collect_ignore_glob = ["*.ipynb"]
