"""A submitted file as cells, or one sentence that says why it has none."""

import json
import logging
import warnings

SIZE_LIMIT = 20 << 20  # bytes


class Unreadable(Exception):
    """A submission that cannot be run; the message is the reason that its marks give."""


def read_cells(path, name=None):
    """The cells of a submitted file as plain dictionaries: cell_type, source, metadata.

    `name` is what to call the file in a sentence, if not by its own name. Notebooks of older
    formats are upgraded; kernel, outputs and tags of a notebook decide nothing here.
    Raises Unreadable with one sentence for whatever else the file may be.
    """
    name = name or path.name
    try:
        if path.stat().st_size > SIZE_LIMIT:
            raise Unreadable(f"{name} is over {SIZE_LIMIT >> 20} MB; clear its outputs.")
        return cells_of(path.read_bytes(), name)
    except OSError as error:
        raise Unreadable(f"{name} cannot be read: {error.strerror}.") from None


def cells_of(content, name):
    """The cells of a notebook given as bytes; raises Unreadable as `read_cells` does."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise Unreadable(f"{name} is not a notebook: it is not text.") from None
    if not text.strip():
        raise Unreadable(f"{name} is empty.")
    try:
        notebook = json.loads(text)
    except (ValueError, RecursionError):
        raise Unreadable(f"{name} is not a notebook: it is not valid JSON.") from None
    if not isinstance(notebook, dict) or "nbformat" not in notebook:
        raise Unreadable(f"{name} is not a notebook: it has no nbformat.")
    version = notebook["nbformat"]
    if version in (1, 2, 3) and not isinstance(version, bool):
        notebook = _upgraded(notebook, name)
    elif version != 4:
        raise Unreadable(f"{name} is not of notebook format 4: save it in JupyterLab.")
    if not isinstance(notebook.get("cells"), list):
        raise Unreadable(f"{name} is not a notebook: it has no list of cells.")
    return [_plain(cell) for cell in notebook["cells"] if isinstance(cell, dict)]


def _upgraded(notebook, name):
    import nbformat

    version, log = notebook["nbformat"], logging.getLogger("traitlets")
    level = log.level
    log.setLevel(logging.CRITICAL)  # what is not valid is for the reader of marks to see
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return nbformat.convert(nbformat.from_dict(notebook), 4)
    except Exception:  # whatever a damaged file leads the conversion into
        sentence = f"{name} is of notebook format {version} and damaged: save it in JupyterLab."
        raise Unreadable(sentence) from None
    finally:
        log.setLevel(level)


def _plain(cell):
    source = cell.get("source", "")
    if isinstance(source, list):
        source = "".join(part for part in source if isinstance(part, str))
    # Lone surrogates are valid in JSON and in no encoding.
    source = source.encode("utf-8", "replace").decode() if isinstance(source, str) else ""
    metadata = cell.get("metadata")
    return {
        "cell_type": str(cell.get("cell_type")),
        "source": source,
        "metadata": metadata if isinstance(metadata, dict) else {},
    }
