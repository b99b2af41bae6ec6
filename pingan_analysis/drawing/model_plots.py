"""The models that articles name: what each is made of, and the channels that its members name."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from ..lexicon import channel_groups
from ..schema import LIST_MARK
from .fonts import printable
from .metric_parts import GROUPS, channel_name, group_style
from .plot_parts import (
    LONGEST_GLOSS,
    drawn_width,
    fitting,
    nothing_to_show,
    ordered_cases,
)
from .style import (
    INK,
    LINE,
    MUTED,
    SMALL_TEXT,
    TEXT,
    House,
    check_frame,
    current_documents,
    house_style,
    legend_below,
    marker_handle,
    note_room,
)

MAX_HEIGHT = 215.0  # mm: a page without its margins and a caption
ROW, LEGEND_ROOM = 3.7, 14.0  # mm
MODEL_COLUMNS = (
    "doc_id", "model", "model_en", "parent", "kind", "members", "members_basis", "channels", "parts",
)
MAX_MEMBERS = 12  # of a part: more would push the other models off the page
NAME_LINES, GLOSS_LINES = 2, 3
DEEPEST = 4  # levels of parts that are set in further and further
INDENT, ELBOW, GAP = 3.0, 2.0, 1.2  # mm
SHORTEST_GLOSS = 6.0  # mm: less room, and there is none
BASIS_LINES: dict[str, Any] = {"listed": "-", "inferred": (0, (2.5, 1.5))}
BASIS_RANK = {"listed": 0, "inferred": 1, "none": 2}
HEADINGS = ("model", "part", "members", "channels")


@dataclass(frozen=True)
class _Model:
    """A model of a place, as all its documents together tell of it."""

    name: str
    english: str
    kind: str
    parent: str
    members: tuple[str, ...]
    basis: str
    channels: tuple[str, ...]
    parts: tuple[str, ...]


@dataclass(frozen=True)
class _Branch:
    """A part of a model as it is drawn: `depth` 1 hangs on the model itself, 2 on the part above it."""

    name: str
    gloss: str
    depth: int
    members: tuple[str, ...] = ()
    basis: str = "none"
    channels: tuple[str, ...] = ()
    span: int = 1  # how many branches from this one on the channels are those of
    has_parts: bool = False

    @property
    def is_named(self) -> bool:
        return bool(self.name or self.gloss)


@dataclass(frozen=True)
class _Columns:
    """Where the four columns of the tree begin, and how much they hold; in mm."""

    starts: tuple[float, float, float, float]
    ends: tuple[float, float, float, float]

    def room(self, column: int, inset: float = 0.0) -> float:
        return self.ends[column] - self.starts[column] - inset


def plot_model_anatomy(
    models: pd.DataFrame, *, documents: pd.DataFrame | None = None, lang: str | None = None
) -> Figure:
    """Show what the campaign models are made of: model, its parts, their members, and the channels that these name.

    `models` is the study's table. Drawn are the models of kind campaign_model that are part of no other one, with the
    models whose parent they are; where there are none, with the numeral parts of the name, and each part with the
    members that fall to it if the numbers of the parts add up to the members. A broken line leads to members that were
    inferred. `documents` (default: those given to `use_house_style`) says which articles are of one place: a model that
    several of them name is drawn once, with what each of them says of it. The models with the most parts and members
    are shown first, as many as a page holds. Raises `TableError` for a missing column.
    """
    with house_style(lang) as house:
        check_frame(models, MODEL_COLUMNS, where="models", rows=False)
        if documents is not None:
            check_frame(documents, ("doc_id", "place"), where="documents")
            house = House(house.lang, house.column, documents)
        trees = _trees(models, current_documents() if documents is None else documents, house)
        if not trees:
            return nothing_to_show(house)
        columns = _columns(house)
        shown = _fitting(trees, columns, house)
        notes = [house.label("shown_models", n=len(shown), total=len(trees))] * (len(shown) < len(trees))
        note = house.joined(notes)
        rows = 1 + sum(tree.height(columns, house) for tree in shown) + len({tree.place for tree in shown})
        fig = house.figure(ROW * rows + LEGEND_ROOM + note_room(note, house.width))
        ax = fig.add_subplot()
        ax.set_xticks([])
        ax.set_yticks([])
        ax.spines[:].set_visible(False)
        ax.set_xlim(0, house.width)
        ax.set_ylim(rows - 0.5, -0.5)
        _draw_trees(ax, shown, columns, house)
        legend_below(fig, _anatomy_legend(shown, house), note=note, columns=max(1, int(house.width // 36)))
        return fig


@dataclass(frozen=True)
class _Tree:
    """A model that is part of no other one, with its parts in the order that they are drawn in."""

    place: str
    name: str
    gloss: str
    branches: tuple[_Branch, ...]
    weight: int  # how many parts and members it has

    def height(self, columns: _Columns, house: House) -> int:
        """Return how many rows it takes."""
        return max(_lines(self.name, self.gloss, columns, 0).height, _placed(self.branches, columns, house)[1])


def _trees(models: pd.DataFrame, documents: pd.DataFrame | None, house: House) -> list[_Tree]:
    """Return the trees of all places, the largest first."""
    rows = models.assign(**{name: models[name].astype(object).fillna("").astype(str) for name in MODEL_COLUMNS})
    of_place = {} if documents is None else dict(
        zip(documents["doc_id"].astype(str), documents["place"].astype(str), strict=True)
    )
    of_places: dict[str, list[dict[Any, Any]]] = {}
    for row in rows.to_dict("records"):
        of_places.setdefault(of_place.get(row["doc_id"]) or row["doc_id"], []).append(row)
    trees = []
    for place in ordered_cases(of_places, house):
        there = _merged(of_places[place])
        children = _children(there)
        for model in there.values():
            if model.kind == "campaign_model" and not (model.parent in there and model.parent != model.name):
                trees.append(_tree(place, model, children, house))
    return sorted(trees, key=lambda tree: -tree.weight)


def _merged(rows: Iterable[dict[Any, Any]]) -> dict[str, _Model]:
    """Return the models of one place by name, in the order of the table."""
    of_name: dict[str, list[dict[Any, Any]]] = {}
    for row in rows:
        of_name.setdefault(row["model"], []).append(row)
    models = {}
    for name, records in of_name.items():
        fullest = min(records, key=lambda row: (BASIS_RANK.get(row["members_basis"], 2), -len(_list(row["members"]))))
        models[name] = _Model(
            name=name,
            english=_first(row["model_en"] for row in records),
            kind=str(records[0]["kind"]),
            parent=_first(row["parent"] for row in records),
            members=_list(fullest["members"]),
            basis=fullest["members_basis"],
            channels=tuple(dict.fromkeys(channel for row in records for channel in row["channels"].split())),
            parts=_list(_first(row["parts"] for row in records)),
        )
    return models


def _first(values: Iterable[str]) -> str:
    return next(filter(None, values), "")


def _list(cell: str) -> tuple[str, ...]:
    return tuple(item.strip() for item in cell.split(LIST_MARK) if item.strip())


def _children(models: Mapping[str, _Model]) -> dict[str, list[_Model]]:
    children: dict[str, list[_Model]] = {}
    for model in models.values():
        children.setdefault(model.parent, []).append(model)
    return children


def _tree(place: str, root: _Model, children: Mapping[str, list[_Model]], house: House) -> _Tree:
    branches = tuple(_branches(root, children, house, depth=1, seen={root.name}))
    weight = sum(bool(branch.name) + len(branch.members) for branch in branches)
    return _Tree(place, root.name, _gloss(root, house), branches, weight)


def _gloss(model: _Model, house: House) -> str:
    if house.lang != "en":
        return ""
    english = re.sub(r"\s*\([^)]*\)", "", printable(model.english)).split(";")[0].strip()
    gloss = english or house.gloss(model.name, LONGEST_GLOSS)
    return "" if gloss == model.name else gloss


def _branches(
    model: _Model, children: Mapping[str, list[_Model]], house: House, *, depth: int, seen: set[str]
) -> list[_Branch]:
    """Return what hangs on a model: its own parts, or the models whose parent it is, with theirs."""
    inner = [child for child in children.get(model.name, []) if child.name not in seen]
    if not inner:
        return _own_parts(model, depth)
    branches = []
    for child in inner:
        seen.add(child.name)
        parts = _branches(child, children, house, depth=depth + 1, seen=seen)
        gloss = _gloss(child, house)
        if len(parts) == 1 and parts[0].depth == depth + 1 and not parts[0].has_parts:
            only = parts[0]
            branches.append(_Branch(child.name, gloss, depth, only.members, only.basis, only.channels))
        else:
            branches += [_Branch(child.name, gloss, depth, has_parts=True), *parts]
    names = {child.name for child in inner}
    rest = tuple(member for member in model.members if member not in names)
    channels = tuple(c for c in model.channels if not any(c in branch.channels for branch in branches))
    if rest or channels:
        words = house.label("rest_members")
        branches.append(_Branch("", words, depth, rest, model.basis, channels, has_parts=not rest))
    return branches


def _without_members(model: _Model) -> list[str]:
    """Return the numeral parts of a name; of parts that are the members themselves, the numbers."""
    if len(model.parts) != len(model.members):
        return list(model.parts)
    return [part.removesuffix(member).strip() for part, member in zip(model.parts, model.members, strict=True)]


def _own_parts(model: _Model, depth: int) -> list[_Branch]:
    """Return the numeral parts of a name, each with its members, or one for all where the numbers do not tell."""
    numbers = [int(found[0]) if (found := re.match(r"\d{1,4}", part)) else 0 for part in model.parts]
    if len(numbers) < 2 or 0 in numbers or sum(numbers) != len(model.members):
        name = " + ".join(_without_members(model))
        return [_Branch(name, "", depth, model.members, model.basis, model.channels)]
    ends = [sum(numbers[: n + 1]) for n in range(len(numbers))]
    parts = [
        _Branch(part, "", depth, model.members[end - number : end], model.basis)
        for part, number, end in zip(model.parts, numbers, ends, strict=True)
    ]
    return [replace(parts[0], channels=model.channels, span=len(parts)), *parts[1:]]


@dataclass(frozen=True)
class _Lines:
    """A name and, under it, its gloss, broken into the lines of a column."""

    name: str
    gloss: str

    @property
    def height(self) -> int:
        return sum(1 + text.count("\n") for text in (self.name, self.gloss) if text)


def _lines(name: str, gloss: str, columns: _Columns, column: int, inset: float = 0.0) -> _Lines:
    return _Lines(
        fitting(printable(name), columns.room(column, inset), lines=NAME_LINES),
        fitting(gloss, columns.room(column, inset), lines=GLOSS_LINES, size=SMALL_TEXT),
    )


def _inset(branch: _Branch) -> float:
    return INDENT * min(branch.depth - 1, DEEPEST)


def _columns(house: House) -> _Columns:
    shares = (0.22, 0.22, 0.35, 0.21) if house.lang == "en" else (0.26, 0.26, 0.26, 0.22)
    ends = [house.width * sum(shares[: n + 1]) for n in range(len(shares))]
    starts = [0.0, *(end + ELBOW for end in ends[:-1])]
    return _Columns(tuple(starts), tuple(end - ELBOW - GAP for end in ends))  # type: ignore[arg-type]


def _placed(
    branches: Iterable[_Branch], columns: _Columns, house: House
) -> tuple[list[tuple[_Branch, int, int]], int]:
    """Return each branch with the rows that it takes, from and to, and how many rows all take."""
    placed: list[tuple[_Branch, int, int]] = []
    row, block_ends, channels_end = 0, 0, 0
    for position, branch in enumerate(branches):
        if branch.channels:
            block_ends, channels_end = position + branch.span - 1, row + len(branch.channels)
        members = min(len(branch.members), MAX_MEMBERS + 1)
        height = max(1, members, _lines(branch.name, branch.gloss, columns, 1, _inset(branch)).height)
        end = row + height
        placed.append((branch, row, end))
        row = max(end, channels_end) if position == block_ends else end
    return placed, max(row, channels_end)


def _fitting(trees: list[_Tree], columns: _Columns, house: House) -> list[_Tree]:
    """Return the largest trees that fit a page, by place; the first one fits, if need be with fewer parts."""
    room = int((MAX_HEIGHT - LEGEND_ROOM - 2 * ROW) / ROW) - 1
    shown: list[_Tree] = []
    for tree in trees:
        if not shown:
            tree = _cut(tree, room - 1, columns, house)
        new_place = tree.place not in {other.place for other in shown}
        room -= tree.height(columns, house) + new_place
        if room < 0:
            break
        shown.append(tree)
    places = ordered_cases((tree.place for tree in shown), house)
    return sorted(shown, key=lambda tree: places.index(tree.place))


def _cut(tree: _Tree, room: int, columns: _Columns, house: House) -> _Tree:
    kept = list(tree.branches)
    while len(kept) > 1 and _placed(kept, columns, house)[1] > room - 1:
        kept.pop()
    if not (left_out := len(tree.branches) - len(kept)):
        return tree
    return replace(tree, branches=(*kept, _Branch(house.label("more_parts", n=left_out), "", 1, has_parts=True)))


def _draw_trees(ax: Axes, trees: list[_Tree], columns: _Columns, house: House) -> None:
    for start, heading in zip(columns.starts, HEADINGS, strict=True):
        ax.text(start, 0, house.label(f"head_{heading}"), va="center", fontsize=SMALL_TEXT, color=MUTED)
    row, place = 1, None
    styles = house.styles(tree.place for tree in trees)
    for tree in trees:
        if tree.place != place:
            place = tree.place
            ax.axhline(row - 0.5, color=MUTED, linewidth=LINE)
            ax.text(0, row, fitting(styles[place].name, house.width), va="center")
            row += 1
        _draw_tree(ax, tree, row, columns, house)
        row += tree.height(columns, house)


def _draw_tree(ax: Axes, tree: _Tree, top: int, columns: _Columns, house: House) -> None:
    _write(ax, columns.starts[0], top, _lines(tree.name, tree.gloss, columns, 0))
    placed, _ = _placed(tree.branches, columns, house)
    above: dict[int, tuple[float, float]] = {}  # of each depth: where the line to the parts below begins
    trunk = columns.starts[1] - ELBOW
    named = [top + start for branch, start, _ in placed if branch.depth == 1 and branch.is_named]
    if named:
        _line(ax, [columns.starts[1] - 2 * ELBOW, trunk], [top, top])
        _line(ax, [trunk, trunk], [top, named[-1]])
    for position, (branch, start, end) in enumerate(placed):
        y, x = top + start, columns.starts[1] + _inset(branch)
        if branch.is_named:
            corner, from_row = (trunk, y) if branch.depth == 1 else above.get(branch.depth - 1, (x - ELBOW, y))
            _line(ax, [corner, corner, x - 0.3 * ELBOW], [from_row, y, y])
        lines = _lines(branch.name, branch.gloss, columns, 1, _inset(branch))
        _write(ax, x, y, lines)
        above[branch.depth] = (x + INDENT - ELBOW, top + end - 0.5)
        _draw_members(ax, branch, y, columns, house)
        if branch.channels:
            last = placed[position + branch.span - 1][2]
            _draw_channels(ax, branch.channels, y, top + last - 1, columns, house)


def _write(ax: Axes, x: float, y: float, lines: _Lines) -> None:
    for text in filter(None, lines.name.split("\n")):
        ax.text(x, y, text, va="center")
        y += 1
    for text in filter(None, lines.gloss.split("\n")):
        ax.text(x, y, text, va="center", fontsize=SMALL_TEXT, color=MUTED)
        y += 1


def _line(ax: Axes, xs: list[float], ys: list[float], style: Any = "-") -> None:
    ax.plot(xs, ys, color=INK, linewidth=1.2 * LINE, linestyle=style, clip_on=False)


def _draw_members(ax: Axes, branch: _Branch, y: int, columns: _Columns, house: House) -> None:
    x, trunk = columns.starts[2], columns.starts[2] - ELBOW
    if branch.has_parts:
        return
    if not branch.members:
        words = fitting(house.label("members_none"), columns.room(2), size=SMALL_TEXT)
        ax.text(x, y, words, va="center", fontsize=SMALL_TEXT, color=MUTED)
        return
    shown = branch.members[:MAX_MEMBERS]
    line = BASIS_LINES.get(branch.basis, ":")
    last = y + len(shown) - 1
    _line(ax, [trunk - ELBOW, trunk], [y, y], line)
    _line(ax, [trunk, trunk], [y, last], line)
    for row, member in enumerate(shown, y):
        _line(ax, [trunk, x - 0.3 * ELBOW], [row, row], line)
        _write_member(ax, x, row, member, columns, house)
    if more := len(branch.members) - len(shown):
        ax.text(x, last + 1, house.label("more_members", n=more), va="center", fontsize=SMALL_TEXT, color=MUTED)


def _write_member(ax: Axes, x: float, y: int, member: str, columns: _Columns, house: House) -> None:
    name = fitting(printable(member), columns.room(2))
    ax.text(x, y, name, va="center")
    used = drawn_width(name, TEXT) + GAP
    if columns.room(2) - used >= SHORTEST_GLOSS and (gloss := house.gloss(member, LONGEST_GLOSS)):
        words = fitting(gloss, columns.room(2) - used, size=SMALL_TEXT)
        ax.text(x + used, y, words, va="center", fontsize=SMALL_TEXT, color=MUTED)


def _draw_channels(
    ax: Axes, channels: tuple[str, ...], first: int, last: int, columns: _Columns, house: House
) -> None:
    """Draw a bracket along the members from row `first` to `last`, and the channels that they name beside it."""
    x = columns.starts[3]
    bracket = x - ELBOW
    last = max(last, first + len(channels) - 1)
    top = (first + last - len(channels) + 1) / 2
    _line(ax, [bracket - 0.5, bracket, bracket, bracket - 0.5], [first - 0.3, first - 0.3, last + 0.3, last + 0.3])
    for row, channel in enumerate(channels):
        style = group_style(channel_groups().get(channel, ""), house)
        ax.plot([x], [top + row], style.marker, color=style.colour, markersize=4, clip_on=False)
        name = fitting(channel_name(channel, house), columns.room(3, ELBOW), size=SMALL_TEXT)
        ax.text(x + ELBOW, top + row, name, va="center", fontsize=SMALL_TEXT)


def _anatomy_legend(trees: list[_Tree], house: House) -> list[Line2D]:
    """Explain what occurs: how members are known, and groups of channels."""
    branches = [branch for tree in trees for branch in tree.branches]
    bases = [basis for basis in BASIS_LINES if any(b.basis == basis and b.members for b in branches)]
    handles = [
        Line2D([], [], color=INK, linewidth=1.2 * LINE, linestyle=BASIS_LINES[basis],
               label=house.label(f"members_{basis}"))
        for basis in bases
    ]
    there = {channel_groups().get(channel, "") for branch in branches for channel in branch.channels}
    return handles + [marker_handle(group_style(group, house)) for group in GROUPS if group in there]
