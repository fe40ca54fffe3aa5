"""Where the boxes of a flow stand: layers from top to bottom, few crossings, room for every label.

The method is that of Sugiyama, Tagawa and Toda (1981): cut the cycles, rank the boxes, sort each layer by
the mean place of its neighbors, then move every layer as near to its neighbors as its spacing allows.
Every edge passes at least one bend between two ranks; the bend carries its label, so that a label is given
room like a box. Lengths are CSS pixels, x to the right and y down.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import accumulate, pairwise
from statistics import fmean
from typing import NamedTuple

from .graph_order import Edge, flow_order, neighbors

MARGIN = 8  # round the drawing
BESIDE = 28  # between two things of one layer
BELOW = 32  # between two layers
PORT = 32  # between two edges at one side of a box
SIDE = 80  # no edge meets a box farther from its middle, so a box is more than twice as wide
SNAP = 6  # an edge this near to its bend goes straight
LIGHT = 0.01  # weight of an edge that leads back: it makes way, so that the way on is straight
SWEEPS = 12  # of sorting, and of moving; small graphs settle in fewer

Point = tuple[float, float]


class Size(NamedTuple):
    width: float
    height: float


class Link(NamedTuple):
    """An edge between two boxes, and the room its label takes."""

    start: int
    end: int
    label: Size = Size(0, 0)


class Box(NamedTuple):
    """A placed rectangle: its left upper corner and its size."""

    x: float
    y: float
    width: float
    height: float


class Route(NamedTuple):
    """The points an edge passes, from its start to its end, and the box of its label."""

    points: list[Point]
    label: Box
    climbs: bool


@dataclass(frozen=True)
class Layout:
    """Boxes in the order of the sizes, routes in the order of the links, and the size of it all."""

    boxes: list[Box]
    routes: list[Route]
    size: Size


@dataclass(eq=False)
class Node:
    """A box, or the bend of an edge between two ranks. ``x`` is its middle, ``y`` its top.

    A heavy node gets its wish before a light one.
    """

    size: Size
    layer: int
    weight: float = 1
    x: float = 0
    y: float = 0
    above: list[Node] = field(default_factory=list)
    below: list[Node] = field(default_factory=list)

    @property
    def box(self) -> Box:
        return Box(self.x - self.size.width / 2, self.y, *self.size)


def lay_out(sizes: Sequence[Size], links: Sequence[Link]) -> Layout:
    """Place boxes of ``sizes`` joined by ``links`` (no link may join a box to itself)."""
    order = flow_order(len(sizes), [(link.start, link.end) for link in links])
    place = {box: i for i, box in enumerate(order)}
    falling = [edge if place[edge[0]] < place[edge[1]] else edge[::-1] for edge in map(ends_of, links)]
    ranks = ranks_of(order, falling)
    nodes = [Node(size, 2 * ranks[i]) for i, size in enumerate(sizes)]
    climbs = [edge != ends_of(link) for edge, link in zip(falling, links, strict=True)]
    chains = [
        chain_of(nodes[top], nodes[foot], LIGHT if climbing else 1)
        for (top, foot), climbing in zip(falling, climbs, strict=True)
    ]
    for chain, link, climbing in zip(chains, links, climbs, strict=True):
        chain[-2 if climbing else 1].size = link.label
    layers = layers_of([nodes[i] for i in order], chains)
    untangle(layers)
    move_together(layers)
    size = settle(layers)
    routes = [route_of(chain, climbing) for chain, climbing in zip(chains, climbs, strict=True)]
    return Layout([node.box for node in nodes], routes, size)


def ends_of(link: Link) -> Edge:
    return link.start, link.end


def ranks_of(order: Sequence[int], falling: Sequence[Edge]) -> list[int]:
    """Each box below all that lead to it; one that nothing leads to, just above what it leads to."""
    below, above = neighbors(len(order), falling)
    ranks = [0] * len(order)
    for box in order:
        ranks[box] = max((ranks[other] + 1 for other in above[box]), default=0)
    for box in order:
        if not above[box] and below[box]:
            ranks[box] = min(ranks[other] for other in below[box]) - 1
    return ranks


def chain_of(top: Node, foot: Node, weight: float) -> list[Node]:
    """The two ends of an edge with a bend for every layer between them, joined up."""
    bends = [Node(Size(0, 0), layer, weight) for layer in range(top.layer + 1, foot.layer)]
    chain = [top, *bends, foot]
    for one, other in pairwise(chain):
        one.below.append(other)
        other.above.append(one)
    return chain


def layers_of(nodes: Sequence[Node], chains: Iterable[Sequence[Node]]) -> list[list[Node]]:
    """The nodes of each layer from the top, boxes in the order of the flow."""
    layers: list[list[Node]] = [[] for _ in range(1 + max((node.layer for node in nodes), default=0))]
    for node in nodes:
        layers[node.layer].append(node)
    for chain in chains:
        for bend in chain[1:-1]:
            layers[bend.layer].append(bend)
    return layers


def untangle(layers: Sequence[list[Node]]) -> None:
    """Sort every layer by the mean place of its neighbors above, then below, and again."""
    for layer in layers:
        number(layer)
    for sweep in range(SWEEPS):
        falling = sweep % 2 == 0
        for layer in layers if falling else reversed(layers):
            layer.sort(key=lambda node: mean_x(node.above if falling else node.below, node.x))
            number(layer)


def number(layer: Sequence[Node]) -> None:
    """Until all layers are sorted, ``x`` is a share of the layer, so that short and long ones compare."""
    for i, node in enumerate(layer):
        node.x = (i + 0.5) / len(layer)


def mean_x(nodes: Sequence[Node], otherwise: float) -> float:
    """The weighted mean place of ``nodes``; ``otherwise`` if there are none."""
    if not nodes:
        return otherwise
    return fmean([node.x for node in nodes], weights=[node.weight for node in nodes])


def move_together(layers: Sequence[Sequence[Node]]) -> None:
    """Give every node an ``x`` near its neighbors', and its layer's spacing."""
    for layer in layers:
        spread(layer, [0.0] * len(layer))
    for _ in range(SWEEPS):
        for layer in layers:
            spread(layer, [mean_x(node.above, node.x) for node in layer])
        for layer in reversed(layers):
            spread(layer, [mean_x(node.below, node.x) for node in layer])


def spread(layer: Sequence[Node], wanted: Sequence[float]) -> None:
    """Move a layer's nodes as near as can be to where they are ``wanted``, none too close."""
    gaps = [(one.size.width + other.size.width) / 2 + BESIDE for one, other in pairwise(layer)]
    places = spaced(wanted, gaps, [node.weight for node in layer])
    for node, x in zip(layer, places, strict=True):
        node.x = x


def spaced(wanted: Sequence[float], gaps: Sequence[float], weights: Sequence[float]) -> list[float]:
    """Rising places nearest to the ``wanted`` ones (weighted least squares), at least ``gaps`` apart.

    Without the gaps that is isotonic regression, so it is solved by pooling adjacent violators.
    """
    offsets = list(accumulate(gaps, initial=0.0))[: len(wanted)]
    pools: list[Pool] = []
    for target, offset, weight in zip(wanted, offsets, weights, strict=True):
        pools.append(Pool((target - offset) * weight, weight, 1))
        while len(pools) > 1 and pools[-2].mean >= pools[-1].mean:
            pools[-2:] = [Pool(*map(sum, zip(*pools[-2:], strict=True)))]
    means = [pool.mean for pool in pools for _ in range(pool.members)]
    return [mean + offset for mean, offset in zip(means, offsets, strict=True)]


class Pool(NamedTuple):
    """Things that stand as close as they may: the sums of their weighted wishes and weights, their number."""

    wish: float
    weight: float
    members: int

    @property
    def mean(self) -> float:
        return self.wish / self.weight


def settle(layers: Sequence[Sequence[Node]]) -> Size:
    """Give every node its ``y``, move the drawing to its margin, and return its size."""
    nodes = [node for layer in layers for node in layer]
    left = min((node.box.x for node in nodes), default=0.0)
    y: float = MARGIN
    for layer in layers:
        height = max((node.size.height for node in layer), default=0.0)
        for node in layer:
            if not node.size.width:
                node.size = Size(0, height)  # an edge passes upright beside boxes, or it would cut their corners
            node.x += MARGIN - left
            node.y = y + (height - node.size.height) / 2
        y += height + BELOW
    right = max((node.box.x + node.size.width for node in nodes), default=0.0)
    return Size(right + MARGIN, y - BELOW + MARGIN)


def route_of(chain: Sequence[Node], climbs: bool) -> Route:
    """The points of an edge: out of one box, over the ends of every bend, into the other box."""
    top, *bends, foot = chain
    points = [(port(top, top.below, bends[0]), top.y + top.size.height)]
    for bend in bends:
        points.append((bend.x, bend.y))
        if bend.size.height:
            points.append((bend.x, bend.y + bend.size.height))
    points.append((port(foot, foot.above, bends[-1]), foot.y))
    label = (bends[-1] if climbs else bends[0]).box
    return Route(points[::-1] if climbs else points, label, climbs)


def port(box: Node, side: Sequence[Node], bend: Node) -> float:
    """Where on its side of ``box`` the edge over ``bend`` begins: toward the bend, in the bends' order."""
    bends = sorted(side, key=lambda other: other.x)
    step = min(PORT, 2 * SIDE / max(1, len(bends) - 1))
    wanted = [max(-PORT, min(PORT, (other.x - box.x) / 4)) for other in bends]
    places = spaced(wanted, [step] * (len(bends) - 1), [other.weight for other in bends])
    inward = min(0, SIDE - places[-1]) + max(0, -SIDE - places[0])
    x = box.x + inward + places[bends.index(bend)]
    return bend.x if abs(x - bend.x) < SNAP else x
