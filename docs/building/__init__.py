"""Build the course site: the notebooks as pages, the tables, the slides, one folder to serve.

`python3 start.py site` sets the tools up and runs this.
"""
