"use strict";
/* Three conveniences; the page is complete without them. */
(function () {
  var french = document.documentElement.lang === "fr";

  /* Figures sort as numbers: the first number of the cell, with its sign; dates and names as text. */
  var keyOf = function (cell) {
    var text = cell ? cell.textContent.trim() : "";
    if (french) { text = text.replace(/^(\d\d)\/(\d\d)\/(\d{4})/, "$3-$2-$1").replace(/[\u202f\u00a0](?=\d{3})/g, "").replace(/(\d),(?=\d)/g, "$1."); }
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

  /*
   * All customers over the usual period stand in the page; any other segment or period travels compressed and is unfolded
   * when it is chosen. A place shows the shortest of its periods that is as long as the one chosen, else its longest.
   */
  var slots = document.querySelectorAll("[data-slot]");
  var atFirst = {};
  slots.forEach(function (slot) { atFirst[slot.dataset.slot] = slot.innerHTML; });
  makeUsable(document);
  var segment = document.getElementById("segment");
  var period = document.getElementById("period");
  var form = (segment || period || {}).form;
  if (!form || typeof DecompressionStream === "undefined") { return; }
  var usual = period ? period.value : "0";
  var whole = segment ? segment.options[0].value : "all/all";
  var scopes = document.querySelectorAll(".scope");
  var known = new Map();
  var unfold = async function (code) {
    if (!known.has(code)) {
      var packed = Array.prototype.find.call(document.querySelectorAll("script[data-segment]"), function (script) {
        return script.dataset.segment === code;
      });
      var blocks = {};
      if (packed) {
        var bytes = Uint8Array.from(atob(packed.textContent), function (letter) { return letter.charCodeAt(0); });
        var stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate-raw"));
        blocks = await new Response(stream).json();
      }
      known.set(code, code === whole ? Object.assign(blocks, atFirst) : blocks);
    }
    return known.get(code);
  };
  var shownFor = function (slot, days) {
    var has = slot.dataset.days.split(" ").map(Number);
    return has.find(function (each) { return each >= days; }) || has[has.length - 1];
  };
  var show = async function () {
    var code = segment ? segment.value : whole;
    var days = period ? period.value : usual;
    var blocks = await unfold(code);
    /* Another was chosen meanwhile? */
    if ((segment && code !== segment.value) || (period && days !== period.value)) { return; }
    slots.forEach(function (slot) {
      var name = slot.dataset.slot;
      var wanted = shownFor(slot, Number(days));
      slot.innerHTML = blocks[wanted === shownFor(slot, Number(usual)) ? name : name + "@" + wanted];
      makeUsable(slot);
    });
    var option = segment && segment.options[segment.selectedIndex];
    var group = option && option.parentElement.label;
    scopes.forEach(function (scope) { if (option) { scope.textContent = (group ? group + ": " : "") + option.textContent; } });
    document.documentElement.dataset.shown = code;
    document.documentElement.dataset.period = days;
  };
  form.hidden = false;
  form.addEventListener("submit", function (event) { event.preventDefault(); });
  /* A link may name both: index.html?segment=region/north&period=90 */
  var asked = new URLSearchParams(location.search);
  var isAsked = false;
  [["segment", segment], ["period", period]].forEach(function (pair) {
    if (!pair[1]) { return; }
    pair[1].addEventListener("change", show);
    var value = asked.get(pair[0]);
    if (value && Array.prototype.some.call(pair[1].options, function (option) { return option.value === value; })) {
      pair[1].value = value;
      isAsked = true;
    }
  });
  if (isAsked) { show(); }
})();
