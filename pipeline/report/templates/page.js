"use strict";
/* Three conveniences; the page is complete without them. */
(function () {
  var french = document.documentElement.lang === "fr";

  /* Figures sort as numbers: the first number of the cell, with its sign; dates and names as text. */
  var keyOf = function (cell) {
    var text = cell ? cell.textContent.trim() : "";
    if (french) { text = text.replace(/[\u202f\u00a0](?=\d{3})/g, "").replace(/(\d),(?=\d)/g, "$1."); }
    var match = /^[−+]?[€£$]?[A-Z]{0,3} ?([\d,]+(?:\.\d+)?)/.exec(text);
    if (!match || /^\d{4}-\d\d/.test(text)) { return text.toLowerCase(); }
    return (text.charAt(0) === "−" ? -1 : 1) * parseFloat(match[1].replace(/,/g, ""));
  };
  var compare = function (a, b) {
    if (typeof a === typeof b) { return a < b ? -1 : a > b ? 1 : 0; }
    return typeof a === "number" ? -1 : 1;
  };

  /* On narrow screens these tables are laid out as blocks, which would hide from readers that they are tables. */
  var roles = { TABLE: "table", THEAD: "rowgroup", TBODY: "rowgroup", TR: "row", TD: "cell" };
  var makeUsable = function (root) {
    root.querySelectorAll("table.stack").forEach(function (table) {
      table.setAttribute("role", roles.TABLE);
      table.querySelectorAll("thead, tbody, tr, td, th").forEach(function (part) {
        part.setAttribute("role", roles[part.tagName] || (part.scope === "col" ? "columnheader" : "rowheader"));
      });
    });
    root.querySelectorAll("table.sortable").forEach(function (table) {
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
  };

  /* All customers stand in the page; any other segment travels compressed and is unfolded when it is chosen. */
  var slots = document.querySelectorAll("[data-slot]");
  var atFirst = {};
  slots.forEach(function (slot) { atFirst[slot.dataset.slot] = slot.innerHTML; });
  makeUsable(document);
  var select = document.getElementById("segment");
  if (!select || typeof DecompressionStream === "undefined") { return; }
  var scopes = document.querySelectorAll(".scope");
  var known = new Map([[select.options[0].value, atFirst]]);
  var unfold = async function (code) {
    if (!known.has(code)) {
      var packed = Array.prototype.find.call(document.querySelectorAll("script[data-segment]"), function (script) {
        return script.dataset.segment === code;
      });
      var bytes = Uint8Array.from(atob(packed.textContent), function (letter) { return letter.charCodeAt(0); });
      var stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate-raw"));
      known.set(code, await new Response(stream).json());
    }
    return known.get(code);
  };
  var show = async function () {
    var option = select.options[select.selectedIndex];
    var group = option.parentElement.label;
    var blocks = await unfold(option.value);
    if (option !== select.options[select.selectedIndex]) { return; } /* another was chosen meanwhile */
    slots.forEach(function (slot) {
      slot.innerHTML = blocks[slot.dataset.slot];
      makeUsable(slot);
    });
    scopes.forEach(function (scope) { scope.textContent = (group ? group + ": " : "") + option.textContent; });
    document.documentElement.dataset.shown = option.value;
  };
  select.form.hidden = false;
  select.form.addEventListener("submit", function (event) { event.preventDefault(); });
  select.addEventListener("change", show);
  /* A link may name the segment: index.html?segment=region/north */
  var asked = new URLSearchParams(location.search).get("segment");
  if (asked && Array.prototype.some.call(select.options, function (option) { return option.value === asked; })) {
    select.value = asked;
    show();
  }
})();
