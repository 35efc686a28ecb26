"""Attacks by the file: what is handed in is no notebook, another one's, or far too much."""

import io
import os
import zipfile

from .entry import ALL, HONEST, NONE, Entry

UNREADABLE = ("", "", "")


def raw(content):
    """Hand in these bytes."""
    return lambda path, text, places: path.write_bytes(content)


def changed(change):
    """Hand in the notebook's text, changed."""
    return lambda path, text, places: path.write_text(change(text), encoding="utf-8")


def keys(**new):
    """Hand in the notebook with other values at its top level."""

    def change(notebook):
        for name, value in new.items():
            notebook[name] = value

    return change


def archive(*members):
    """Hand in a zip file in place of the notebook."""

    def make(path, text, places):
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as file:
            for name, content in members:
                info = name if isinstance(name, zipfile.ZipInfo) else name.format(**places)
                file.writestr(info, text if content is None else content.format(**places))
        path.with_suffix(".zip").write_bytes(buffer.getvalue())

    return make


def link(name):
    """A member of an archive that is a symbolic link."""
    info = zipfile.ZipInfo(name)
    info.create_system, info.external_attr = 3, 0o120777 << 16
    return info


def link_to_key(path, text, places):
    path.symlink_to(places["key"])


def link_to_neighbour(path, text, places):
    path.symlink_to("000_honest.ipynb")


def link_to_zeros(path, text, places):
    path.symlink_to("/dev/zero")


def folder_with_link(path, text, places):
    path.with_suffix("").mkdir()
    (path.with_suffix("") / "08_arena.ipynb").symlink_to(places["key"])


def folder_with_pipe(path, text, places):
    path.with_suffix("").mkdir()
    os.mkfifo(path.with_suffix("") / "08_arena.ipynb")


def pipe(path, text, places):
    os.mkfifo(path)


def folder_named_like_a_notebook(path, text, places):
    (path.with_suffix("") / "08_arena.ipynb").mkdir(parents=True)


def link_in_circles(path, text, places):
    path.with_suffix("").mkdir()
    (path.with_suffix("") / "again").symlink_to(".")
    path.with_suffix("").joinpath("08_arena.ipynb").symlink_to("08_arena.ipynb")


def sparse(path, text, places):
    with path.open("wb") as file:
        file.truncate(40 << 30)


def strange_cells(notebook):
    notebook["cells"][:0] = [
        None,
        5,
        [],
        {},
        {"cell_type": "code"},
        {"cell_type": ["code"], "source": 5, "metadata": []},
        {"cell_type": "code", "source": [1, None, ["x"]], "metadata": {"nbgrader": []}},
        {"cell_type": "code", "source": {"a": 1}, "metadata": None, "outputs": "none"},
        {"cell_type": "code", "source": "s = '\ud800'", "metadata": {"nbgrader": {"grade_id": {}}}},
    ]


def many_cells(notebook):
    filler = {"cell_type": "markdown", "metadata": {}, "source": "."}
    notebook["cells"] += [filler] * 50_000


def refused(name, tries, make, *parts, **more):
    """A file that cannot be run: no points, and the reason says why."""
    reasons = tuple((parts * 3)[:3]) or UNREADABLE
    return Entry(name, tries, HONEST, make=make, points=NONE, reasons=reasons, **more)


HANDING_IN = [
    refused(
        "link to the key", "The notebook is a symbolic link to the key.", link_to_key, "is a link"
    ),
    refused(
        "link to a neighbour",
        "The notebook is a link to another's.",
        link_to_neighbour,
        "is a link",
    ),
    refused("link to /dev/zero", "A file without end.", link_to_zeros, "is a link"),
    refused(
        "folder with a link",
        "A folder whose notebook is a link to the key.",
        folder_with_link,
        "is a link",
    ),
    refused(
        "folder with a pipe", "A folder whose notebook is a pipe.", folder_with_pipe, "not a file"
    ),
    refused("pipe", "The notebook is a pipe that nobody writes to.", pipe, "not a file"),
    refused(
        "folder as a notebook",
        "A folder named 08_arena.ipynb.",
        folder_named_like_a_notebook,
        "no notebook",
    ),
    refused(
        "links in circles",
        "A link to itself, in a folder that holds itself.",
        link_in_circles,
        "is a link",
    ),
    refused("not JSON", "Half a notebook.", changed(lambda text: text[:300]), "not valid JSON"),
    refused("deep JSON", "100,000 nested lists.", raw(b"[" * 100_000), "not valid JSON"),
    refused(
        "deep metadata",
        "A notebook whose metadata are nested 100,000 times.",
        changed(lambda text: text.replace("{", '{"x": ' + "[" * 100_000 + "]" * 100_000 + ",", 1)),
        "not valid JSON",
    ),
    refused(
        "endless number",
        "A version number of 100,000 digits.",
        changed(lambda text: text.replace('"nbformat": 4', '"nbformat": ' + "4" * 100_000)),
        "not valid JSON",
    ),
    refused(
        "binary file", "The bytes of a picture.", raw(b"\x89PNG\r\n\x1a\n\0\xff" * 99), "not text"
    ),
    refused("empty file", "Nothing.", raw(b""), "empty"),
    refused("UTF-16", "A notebook in another encoding.", raw("{}".encode("utf-16")), "not text"),
    refused(
        "Latin-1",
        "Bytes that are not UTF-8.",
        lambda path, text, places: path.write_bytes(text.encode() + b"\xe9\xff"),
        "not text",
    ),
    refused("30 MB", "White space of 30 MB.", raw(b" " * (30 << 20)), "over 20 MB"),
    refused("40 GB", "A file with a hole of 40 GB.", sparse, "over 20 MB"),
    refused("a list", "JSON, but no notebook.", raw(b"[1, 2]"), "not a notebook"),
    refused("a number", "JSON, but no notebook.", raw(b"NaN"), "not a notebook"),
    Entry("nbformat 3", "An old format.", HONEST, change=keys(nbformat=3), reasons=("format",) * 3),
    Entry(
        "nbformat 9", "A format to come.", HONEST, change=keys(nbformat=9), reasons=("format",) * 3
    ),
    Entry(
        "nbformat text",
        "A version in words.",
        HONEST,
        change=keys(nbformat="4"),
        reasons=("format",) * 3,
    ),
    Entry("cells as a dict", "Cells that are no list.", HONEST, change=keys(cells={"a": 1})),
    Entry("no cells", "A notebook without cells.", HONEST, change=keys(cells=[])),
    Entry("strange cells", "Cells of wrong types.", HONEST, change=strange_cells, points=ALL),
    Entry("very many cells", "A notebook of 50,000 cells.", HONEST, change=many_cells, points=ALL),
    Entry(
        "other kernel",
        "The kernel is a shell script elsewhere.",
        HONEST,
        change=keys(
            metadata={
                "kernelspec": {"name": "../../evil", "argv": ["sh"], "language": "bash"},
                "language_info": {"name": "bash"},
            }
        ),
        points=ALL,
    ),
    refused(
        "path traversal",
        "A zip file whose member climbs out of its folder.",
        archive(("../../../../../../../../{canary}", "was here"), ("{canary}", "was here")),
        "not a notebook",
    ),
    refused(
        "zip bomb",
        "A zip file of 100 MB that unpack to nothing but blanks.",
        archive(("08_arena.ipynb", " " * (100 << 20))),
        "unpacks to far more",
    ),
    refused(
        "zip with a link",
        "A zip file whose notebook is a symbolic link to the key.",
        archive((link("08_arena.ipynb"), "{key}")),
        "is a link",
    ),
]


STRANGE_NAMES = (
    b"not-\xff-utf8.ipynb",
    b"=cmd|calc.ipynb",  # a spreadsheet runs it
    b"two\nlines\x1b[2J.ipynb",
    b"<b>bold<b>.ipynb",
    b"a:b.ipynb",  # these two are one when each odd character has become the same
    b"a?b.ipynb",
    b"n" * 240 + b".ipynb",
)


def strange_names(folder, text):
    """Hand in an honest notebook under names that are the attack."""
    for name in STRANGE_NAMES:
        with open(os.path.join(os.fsencode(folder), name), "w", encoding="utf-8") as file:
            file.write(text)
