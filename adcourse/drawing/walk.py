"""The steps of a forward or reverse pass as data: what is computed when, without any picture.

Reverse: the values node by node, then the cotangent of the output (the seed), then one step per
edge from the last node to the first. Forward: value and tangent together, node by node.
"""

from dataclasses import dataclass

import numpy as np

from adcourse.core.errors import WrongStructure
from adcourse.core.graph import Node
from adcourse.core.tree import flatten
from adcourse.transforms.linearised import local_edges, values_of

MODES = ("reverse", "forward")


@dataclass(frozen=True, eq=False)
class Step:
    """One moment of a walk.

    `kind` is "inputs", "value", "push" (value and tangent), "seed", "pull" (along the edge from
    `node` to its argument `k`) or "result". `after` is the derivative written in this step, to
    the argument for a pull and to the node otherwise: `share` added to what was there `before`.
    """

    kind: str
    node: Node | None = None
    k: int | None = None
    before: object = None
    share: object = None
    after: object = None

    @property
    def target(self):
        """The node whose derivative this step writes."""
        return self.node if self.k is None else self.node.args[self.k]


@dataclass(frozen=True, eq=False)
class Walk:
    """All steps of one pass over a graph.

    `derivatives`: the final tangent or adjoint of each node that has one. `local[node]`: which
    arguments of a node carry a derivative. `seeds` is what the walk started from.
    """

    mode: str
    steps: list
    derivatives: dict
    local: dict
    seeds: dict


def walk(graph, mode="reverse", seed=None):
    """The steps of one pass; `seed` is the cotangent of the result or the tangents of the inputs.

    Raises WrongStructure for another mode and for a seed that does not fit.
    """
    if mode not in MODES:
        raise WrongStructure(f'mode is {mode!r}, but a graph is walked in "reverse" or "forward".')
    return reverse(graph, seed) if mode == "reverse" else forward(graph, seed)


def reverse(graph, seed):
    """Values forward, adjoints backward: v̄ᵢ gathers v̄ⱼ ∂vⱼ/∂vᵢ from each of its users j."""
    edges, moving = local_edges(graph)
    steps = [Step("inputs"), *[Step("value", node) for node in graph.nodes]]
    seeds, bars = {}, {}
    for node, bar in cotangents(graph, seed):
        if node in moving:
            before = bars.get(node)
            bars[node] = bar if before is None else before + bar
            seeds[node] = bars[node]
            steps.append(Step("seed", node, before=before, share=bar, after=bars[node]))
    for node in reversed(graph.nodes):
        if node not in bars:
            continue
        for k, pull, kept in reversed(edges[node]):
            parent, bar = node.args[k], bars[node]
            share = bar if pull is None else pull(bar, kept)
            before = bars.get(parent)
            bars[parent] = share if before is None else before + share
            steps.append(Step("pull", node, k, before, share, bars[parent]))
    for node in graph.inputs:  # an input without a path to the result has derivative zero
        bars.setdefault(node, zeros(node))
    local = {node: [k for k, _, _ in found] for node, found in edges.items()}
    return Walk("reverse", [*steps, Step("result")], bars, local, seeds)


def forward(graph, seed):
    """Value and tangent together: v̇ᵢ = Σⱼ ∂vᵢ/∂vⱼ v̇ⱼ."""
    edges, _ = local_edges(graph)
    seeds = tangents(graph, seed)
    dots, steps = dict(seeds), [Step("inputs")]
    for node in graph.nodes:
        along = [dots.get(a) if isinstance(a, Node) else None for a in node.args]
        dot = None
        if edges[node]:
            dot = node.primitive.tangent(node.value, values_of(node.args), along, node.params)
        if dot is not None:
            dots[node] = dot
        steps.append(Step("push", node, after=dot))
    local = {node: [k for k, _, _ in found] for node, found in edges.items()}
    return Walk("forward", [*steps, Step("result")], dots, local, seeds)


def zeros(node):
    return np.zeros(node.shape) if node.shape else 0.0


def ones(node):
    return np.ones(node.shape) if node.shape else 1.0


def cotangents(graph, seed):
    """Pairs (output node, cotangent); without a seed every output has ones."""
    outputs = graph.outputs
    if seed is None:
        return [(o, ones(o)) for o in outputs if isinstance(o, Node)]
    leaves = flatten(seed)[0]
    if len(leaves) != len(outputs):
        raise WrongStructure(
            f"seed has {len(leaves)} cotangents, but {graph.title} has {len(outputs)} results. "
            "Give one cotangent per result, nested as the result is."
        )
    pairs = zip(outputs, leaves, strict=True)
    return [(o, fitting(leaf, o, "cotangent")) for o, leaf in pairs if isinstance(o, Node)]


def tangents(graph, seed):
    """The tangent of each input: from a tuple, from a dict by name, or ones for the first alone."""
    inputs = graph.inputs
    if seed is None:
        return {node: ones(node) if i == 0 else zeros(node) for i, node in enumerate(inputs)}
    names = ", ".join(node.name for node in inputs)
    if isinstance(seed, dict) and not set(seed) <= {node.name for node in inputs}:
        unknown = next(name for name in seed if name not in {node.name for node in inputs})
        raise WrongStructure(f"seed names the input {unknown!r}, but the inputs are {names}.")
    if isinstance(seed, dict):
        leaves = [seed.get(node.name, zeros(node)) for node in inputs]
    else:
        leaves = flatten(seed)[0]
    if len(leaves) != len(inputs):
        raise WrongStructure(
            f"seed has {len(leaves)} tangents, but the inputs are {names}. Give one tangent per "
            f'input, or name some, as in seed={{"{inputs[0].name}": 1.0}}.'
        )
    return {node: fitting(leaf, node, "tangent") for node, leaf in zip(inputs, leaves, strict=True)}


def fitting(leaf, node, word):
    """A seed with the shape of its node."""
    shape = np.shape(leaf)
    if shape != node.shape:
        raise WrongStructure(
            f"The {word} of {node.name} has shape {shape}, but {node.name} has shape {node.shape}."
        )
    return np.asarray(leaf, float) if shape else float(leaf)
