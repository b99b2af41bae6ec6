"""Tables of a page: data frames as pandas gives them."""

from __future__ import annotations

import re

import pandas as pd
from bs4 import BeautifulSoup
from notebook_cells import code, render, shows


class TestTables:
    @staticmethod
    def table_of(frame: pd.DataFrame) -> tuple[BeautifulSoup, BeautifulSoup]:
        body, _ = render(code("frame", shows(text_html=frame._repr_html_())))
        return body, body.table

    def test_wide_table_scrolls_in_a_region_that_the_keyboard_reaches(self) -> None:
        body, table = self.table_of(pd.DataFrame({f"column {n}": [n] for n in range(18)}))
        region = table.parent
        assert region["class"] == ["table-scroll"]
        assert (region["tabindex"], region["role"], region["aria-label"]) == ("0", "group", "Table 1")
        assert body.find("style") is None
        assert not table.has_attr("border")
        assert not table.find_all(style=True)

    def test_headers_have_scope_and_empty_ones_are_cells(self) -> None:
        _, table = self.table_of(pd.DataFrame({"n": [1]}, index=["安陆"]))
        assert [(cell.name, cell.get("scope")) for cell in table.find_all(["th", "td"])] == [
            ("td", None), ("th", "col"), ("th", "row"), ("td", None),
        ]

    def test_named_index_shares_the_header_row(self) -> None:
        _, table = self.table_of(pd.DataFrame({"n": [1], "m": [2]}, index=pd.Index(["安陆"], name="place")))
        assert [[cell.get_text() for cell in row.find_all("th")] for row in table.thead.find_all("tr")] == [
            ["place", "n", "m"]
        ]

    def test_grouped_headers_keep_their_rows(self) -> None:
        columns = pd.MultiIndex.from_tuples([("a", "x"), ("a", "y")])
        index = pd.MultiIndex.from_tuples([("p", "q"), ("p", "r")], names=["one", "two"])
        _, table = self.table_of(pd.DataFrame([[1, 2], [3, 4]], index=index, columns=columns))
        rows = [[cell.get_text() for cell in row.find_all("th")] for row in table.thead.find_all("tr")]
        assert rows[-1] == ["one", "two", "x", "y"]
        assert table.find("th", string="a")["scope"] == "colgroup"
        assert table.find("th", string="p")["scope"] == "rowgroup"

    def test_columns_of_numbers_are_set_right_others_left(self) -> None:
        frame = pd.DataFrame({
            "date": ["2021-05-01", "2021"], "share": ["12.5%", "–"], "n": [1.5, None],
            "none": ["", None], "range": ["3–5", "4"],
        })
        _, table = self.table_of(frame)
        assert [cell.get_text() for cell in table.thead.find_all(class_="number")] == ["share", "n"]
        assert len(table.tbody.find_all("td", class_="number")) == 4

    def test_empty_table_says_so(self) -> None:
        _, table = self.table_of(pd.DataFrame({"source": [], "reason": []}))
        cells = table.tbody.find_all("td")
        assert [(cell.get_text(), cell["colspan"]) for cell in cells] == [("no rows", "3")]

    def test_random_names_of_styled_tables_are_made_steady(self) -> None:
        bodies = [
            str(
                render(code("x", shows(text_html=pd.DataFrame({"n": [1]}).style.set_caption("C").to_html())))[
                    0
                ]
            )
            for _ in range(2)
        ]
        assert bodies[0] == bodies[1]
        assert re.search(r'id="T_\d+_\d+"', bodies[0])
