"""Arguments and results may be nested: tuples, lists, dicts, namedtuples, dataclasses of arrays.

`flatten` takes a nested value apart into its leaves, left to right, and the function that puts
leaves of the same number back into the same nest. `None` is an empty container.
"""

from copy import copy

leaf_types = {float, int}  # surely no containers: found at a glance, other leaves by elimination


def flatten(tree):
    """Leaves of a nested value, and the function that rebuilds the nest from new leaves.

    >>> leaves, rebuild = flatten({"w": [1.0, 2.0], "b": 3.0})
    >>> leaves
    [1.0, 2.0, 3.0]
    >>> rebuild([10.0, 20.0, 30.0])
    {'w': [10.0, 20.0], 'b': 30.0}
    """
    if type(tree) in leaf_types:
        return [tree], single
    if type(tree) is tuple and leaf_types.issuperset(map(type, tree)):
        return list(tree), tuple
    children, make = split(tree)
    if make is None:
        return [tree], single
    parts = [flatten(child) for child in children]
    sizes = [len(leaves) for leaves, _ in parts]

    def rebuild(leaves):
        leaves, built = iter(leaves), []
        for (_, build), size in zip(parts, sizes, strict=True):
            built.append(build([next(leaves) for _ in range(size)]))
        return make(built)

    return [leaf for leaves, _ in parts for leaf in leaves], rebuild


def refilled(mapping, children):
    """A dict of the same kind (OrderedDict, defaultdict, …) with the same keys and new values."""
    fresh = copy(mapping)
    for key, child in zip(mapping, children, strict=True):
        fresh[key] = child
    return fresh


def refilled_dataclass(instance, names, children):
    """A dataclass instance with new field values; its __init__ does not run again."""
    fresh = copy(instance)
    for name, child in zip(names, children, strict=True):
        object.__setattr__(fresh, name, child)
    return fresh


def single(leaves):
    """The nest of a bare leaf."""
    (leaf,) = leaves
    return leaf


def split(tree):
    """Children of one container and the function that makes it again; `([], None)` for a leaf."""
    kind = type(tree)
    if tree is None:
        return [], lambda children: None
    if kind is tuple or kind is list:
        return tree, kind
    if isinstance(tree, dict):
        return list(tree.values()), lambda children: refilled(tree, children)
    if isinstance(tree, tuple) and hasattr(tree, "_fields"):  # a namedtuple
        return list(tree), lambda children: kind(*children)
    if hasattr(kind, "__dataclass_fields__"):
        names = list(kind.__dataclass_fields__)
        children = [getattr(tree, name) for name in names]
        return children, lambda children: refilled_dataclass(tree, names, children)
    return [], None


def paths(tree, root, spell=repr):
    """How each leaf is reached: `paths({"w": (1, 2)}, "p")` is `p['w'][0]`, `p['w'][1]`.

    `spell` writes the keys of dicts.
    """
    children, make = split(tree)
    if make is None:
        return [root]
    kind = type(tree)
    if isinstance(tree, dict):
        steps = [f"[{spell(key)}]" for key in tree]
    elif hasattr(kind, "_fields"):
        steps = [f".{name}" for name in kind._fields]
    elif hasattr(kind, "__dataclass_fields__"):
        steps = [f".{name}" for name in kind.__dataclass_fields__]
    else:
        steps = [f"[{i}]" for i in range(len(children))]
    return [
        path
        for step, child in zip(steps, children, strict=True)
        for path in paths(child, root + step, spell)
    ]


def same_nest(tree, other):
    """Whether two nested values have containers of the same kinds and sizes."""
    mine, make = split(tree)
    others, other_make = split(other)
    if make is None or other_make is None:
        return make is other_make
    return (
        type(tree) is type(other)
        and len(mine) == len(others)
        and (not isinstance(tree, dict) or list(tree) == list(other))
        and all(map(same_nest, mine, others))
    )
