"use strict";
/* Two conveniences; the page is complete without them. */
(function () {
  var select = document.getElementById("segment");
  if (select) {
    var blocks = document.querySelectorAll("[data-segment]");
    var scopes = document.querySelectorAll(".scope");
    var show = function () {
      var option = select.options[select.selectedIndex];
      var group = option.parentElement.label;
      blocks.forEach(function (block) { block.hidden = block.dataset.segment !== select.value; });
      scopes.forEach(function (scope) { scope.textContent = (group ? group + ": " : "") + option.textContent; });
    };
    select.form.hidden = false;
    select.form.addEventListener("submit", function (event) { event.preventDefault(); });
    select.addEventListener("change", show);
    show();
  }

  /* On narrow screens these tables are laid out as blocks, which would hide from readers that they are tables. */
  var roles = { TABLE: "table", THEAD: "rowgroup", TBODY: "rowgroup", TR: "row", TD: "cell" };
  document.querySelectorAll("table.stack").forEach(function (table) {
    table.setAttribute("role", roles.TABLE);
    table.querySelectorAll("thead, tbody, tr, td, th").forEach(function (part) {
      part.setAttribute("role", roles[part.tagName] || (part.scope === "col" ? "columnheader" : "rowheader"));
    });
  });

  /* Figures sort as numbers: the first number of the cell, with its sign; dates and names as text. */
  var keyOf = function (cell) {
    var text = cell ? cell.textContent.trim() : "";
    var match = /^[−+]?[€£$]?[A-Z]{0,3} ?([\d,]+(?:\.\d+)?)/.exec(text);
    if (!match || /^\d{4}-\d\d/.test(text)) { return text.toLowerCase(); }
    return (text.charAt(0) === "−" ? -1 : 1) * parseFloat(match[1].replace(/,/g, ""));
  };
  var compare = function (a, b) {
    if (typeof a === typeof b) { return a < b ? -1 : a > b ? 1 : 0; }
    return typeof a === "number" ? -1 : 1;
  };
  document.querySelectorAll("table.sortable").forEach(function (table) {
    var heads = table.tHead.rows[0].cells;
    Array.prototype.forEach.call(heads, function (head, index) {
      var button = document.createElement("button");
      button.type = "button";
      button.textContent = head.textContent;
      head.textContent = "";
      head.appendChild(button);
      button.addEventListener("click", function () {
        var down = head.getAttribute("aria-sort") === "ascending";
        Array.prototype.forEach.call(heads, function (other) { other.removeAttribute("aria-sort"); });
        head.setAttribute("aria-sort", down ? "descending" : "ascending");
        var body = table.tBodies[0];
        Array.prototype.slice.call(body.rows)
          .sort(function (a, b) {
            return (down ? -1 : 1) * compare(keyOf(a.cells[index]), keyOf(b.cells[index]));
          })
          .forEach(function (row) { body.appendChild(row); });
      });
    });
  });
})();
