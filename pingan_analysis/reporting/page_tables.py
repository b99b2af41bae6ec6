"""Tables of a page: scrollable, with headers that say what they head, and numbers set right."""

from __future__ import annotations

import re

from bs4.element import Tag

_NUMBER = re.compile(r"[+\-−±~≈<>≤≥]?\s*[\d.,]*\d[\d.,]*(e[+-]?\d+)?\s*[%‰×]?", re.IGNORECASE)
VIEW = "pingan-table"
"""Class of a table of `show_table`, which marks its numbers itself."""
_MISSING = {"", "-", "–", "—", "…", "...", "nan", "none", "nat", "<na>"}


def mend_table(table: Tag, *, label: str, no_rows: str) -> None:
    """Make a table accessible. `label` names it; `no_rows` is what a data frame without rows says."""
    if "dataframe" in (table.get("class") or []):
        _strip_looks(table)
        _say_if_empty(table, no_rows)
    _join_header_rows(table)
    if VIEW not in (table.get("class") or []):
        _mark_numbers(table)
    for header in table.find_all("th"):
        if not header.get_text(strip=True):
            header.name = "td"
            header.attrs.pop("scope", None)
        elif not header.get("scope"):
            header["scope"] = _scope(header)
    if table.find_parent(class_="table-scroll") is None:
        looks = {"class": "table-scroll", "tabindex": "0", "role": "group", "aria-label": label}
        table.wrap(Tag(name="div", attrs=looks))


def _scope(header: Tag) -> str:
    kind, span = ("col", "colspan") if header.find_parent("thead") is not None else ("row", "rowspan")
    return f"{kind}group" if header.get(span, "1") != "1" else kind


def _strip_looks(table: Tag) -> None:
    """Strip the looks that pandas gives a table."""
    for style in table.parent.find_all("style", recursive=False) if table.parent else []:
        style.decompose()
    for tag in [table, *table.find_all(True)]:
        for name in ("border", "style", "valign", "halign"):
            tag.attrs.pop(name, None)


def _say_if_empty(table: Tag, words: str) -> None:
    body = table.find("tbody")
    if body is not None and body.find("tr") is None:
        row, cell = Tag(name="tr"), Tag(name="td", attrs={"colspan": str(len(table.find_all("th")) or 1)})
        cell.string = words
        row.append(cell)
        body.append(row)


def _join_header_rows(table: Tag) -> None:
    """Join the last two header rows where no column has text in both: pandas gives the index's name a row."""
    head = table.find("thead")
    rows = head.find_all("tr") if head is not None else []
    if len(rows) < 2:
        return
    upper, lower = (row.find_all(["th", "td"]) for row in rows[-2:])
    pairs = list(zip(upper, lower, strict=False))
    spans = any(cell.get("colspan") or cell.get("rowspan") for cell in (*upper, *lower))
    both = any(above.get_text(strip=True) and below.get_text(strip=True) for above, below in pairs)
    if spans or both or len(upper) != len(lower):
        return
    for above, below in pairs:
        if below.get_text(strip=True):
            above.replace_with(below.extract())
    rows[-1].decompose()


def _mark_numbers(table: Tag) -> None:
    """Mark the columns in which all is a number or missing; counted from the right: spans are on the left."""
    rows = [row.find_all(["td", "th"], recursive=False) for row in table.find_all("tr")]
    body = [
        [cell for cell in row if cell.name == "td"]
        for row in rows
        if row and row[0].find_parent("thead") is None
    ]
    for place in range(1, min(map(len, body), default=0) + 1):
        texts = [row[-place].get_text(strip=True) for row in body]
        if all(map(_is_number_or_missing, texts)) and any(map(_NUMBER.fullmatch, texts)):
            for row in rows:
                if len(row) >= place and not row[-place].get("colspan"):
                    row[-place]["class"] = " ".join([*row[-place].get_attribute_list("class"), "number"])


def _is_number_or_missing(text: str) -> bool:
    return len(text) < 40 and (text.casefold() in _MISSING or _NUMBER.fullmatch(text) is not None)
