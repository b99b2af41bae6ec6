"""The codebook of the tables, for people (data/README.md) and for machines (data/datapackage.json)."""

from __future__ import annotations

import json
from typing import Any

from .schema import TABLES, Column, Table

BEGIN, END = "<!-- tables: written by `make codebook` from pingan_analysis/schema.py -->", "<!-- end of tables -->"
SHIPPED = (
    "documents", "paragraphs", "boilerplate", "skipped", "terms", "metrics", "models", "channel_mentions",
    "shared_phrases", "term_variants",
)


def tables_markdown() -> str:
    """Return the description of every table in Markdown, a section each."""
    return "\n\n".join(_table_markdown(table) for table in TABLES.values())


def with_tables(readme: str) -> str:
    """Return the text of a README with what stands between its two table marks written anew."""
    before, _, rest = readme.partition(BEGIN)
    _, _, after = rest.partition(END)
    return f"{before}{BEGIN}\n\n{tables_markdown()}\n\n{END}{after}"


def datapackage() -> dict[str, Any]:
    """Return the description of the shipped study as a Frictionless data package."""
    return {
        "name": "pingan-analysis-study",
        "title": "Tables derived from five articles on 平安建设 campaigns (no article text)",
        "licenses": [{"name": "CC-BY-4.0", "title": "Creative Commons Attribution 4.0",
                      "path": "https://creativecommons.org/licenses/by/4.0/"}],
        "resources": [_resource(TABLES[name]) for name in SHIPPED],
    }


def datapackage_json() -> str:
    """Return `datapackage()` as it stands in data/datapackage.json."""
    return json.dumps(datapackage(), ensure_ascii=False, indent=2) + "\n"


def _table_markdown(table: Table) -> str:
    head = f"### {table.name}\nOne row: {table.row}. Key: {', '.join(f'`{name}`' for name in table.key)}."
    rows = "\n".join(_column_markdown(column) for column in table.columns)
    return f"{head}\n\n| column | type | unit | meaning |\n|---|---|---|---|\n{rows}"


def _column_markdown(column: Column) -> str:
    meaning = column.meaning
    if column.choices:
        meaning += "; one of " + ", ".join(f"`{choice}`" for choice in column.choices)
    if not column.required:
        meaning += " (may be empty)"
    return f"| `{column.name}` | {column.type} | {column.unit} | {meaning} |"


def _resource(table: Table) -> dict[str, Any]:
    return {
        "name": table.name.replace("_", "-"),
        "path": f"study/{table.name}.csv",
        "description": f"One row: {table.row}.",
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "schema": {
            "fields": [_field(column) for column in table.columns],
            "primaryKey": list(table.key),
            "missingValues": [""],
        },
    }


def _field(column: Column) -> dict[str, Any]:
    constraints: dict[str, Any] = {}
    if column.required:
        constraints["required"] = True
    if column.choices:
        constraints["enum"] = list(column.choices)
    field = {"name": column.name, "type": column.type, "description": column.meaning}
    if column.unit:
        field["unit"] = column.unit
    return {**field, "constraints": constraints} if constraints else field
