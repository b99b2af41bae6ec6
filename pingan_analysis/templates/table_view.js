// Makes the tables of table_view.html.j2 searchable and sortable; DataTable is the library around this.
const { compare } = new Intl.Collator("zh-u-co-pinyin", { numeric: true });
const emptyLast = (inOrder) => (a, b) => (a === "" || b === "" ? (a === "") - (b === "") : inOrder(a, b));
const addType = (name, pre, inOrder) => DataTable.type(name, {
  order: { pre, asc: emptyLast(inOrder), desc: emptyLast((a, b) => inOrder(b, a)) },
});
addType("pingan-number", (key) => (key === "" ? "" : Number(key)), (a, b) => (a > b) - (a < b));
addType("pingan-text", (html) => html.replace(/<[^>]*>/g, "").trim(), compare);

function searchBox(label, search) {
  const box = document.createElement("label");
  const input = document.createElement("input");
  input.type = "search";
  input.addEventListener("input", () => search(input.value));
  box.append(label, " ", input);
  return box;
}

function enhance(table) {
  const words = JSON.parse(table.dataset.words);
  const pairs = Array.from(JSON.parse(table.dataset.simplified));
  const simplified = new Map();
  for (let i = 0; i < pairs.length; i += 2) simplified.set(pairs[i], pairs[i + 1]);
  const toSimplified = (text) => Array.from(text, (c) => simplified.get(c) ?? c).join("");
  const isLong = table.tBodies[0].rows.length > 10;
  const region = table.parentElement;
  const view = new DataTable(table, {
    autoWidth: false,
    order: [],
    paging: isLong,
    pageLength: 10,
    lengthMenu: [10, 25, -1],
    language: words,
    layout: {
      topStart: isLong ? "pageLength" : null,
      topEnd: () => searchBox(words.search, (text) => view.search(toSimplified(text)).draw()),
      bottomStart: "info",
      bottomEnd: isLong ? "paging" : null,
    },
  });
  region.before(view.table().container());  // only the table scrolls sideways, not the controls around it
  table.before(region);
  region.append(table);
  table.tHead.addEventListener("keydown", (event) => {  // DataTables' buttons know Enter only
    if (event.key !== " " || !event.target.matches(".dt-column-order")) return;
    event.preventDefault();
    event.target.click();
  });
  table.addEventListener("toggle", () => region.scrollTo({ left: region.scrollWidth }), true);  // "where" stands last
  if (!isLong) return;
  view.table().container().querySelector("nav").setAttribute("aria-label", table.dataset.pages);
  let length;
  window.addEventListener("beforeprint", () => { length = view.page.len(); view.page.len(-1).draw(); });
  window.addEventListener("afterprint", () => view.page.len(length).draw());
}

DataTable.ext.errMode = "throw";
document.querySelectorAll("table.pingan-table[data-words]:not(.dataTable)").forEach(enhance);
