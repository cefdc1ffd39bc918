(function () {
  "use strict";
  var table = document.getElementById("findings"), controls = document.getElementById("controls");
  if (!table || !controls) { return; }
  var words = document.getElementById("filter-text"), rule = document.getElementById("filter-rule");
  var order = document.getElementById("sort"), shown = document.getElementById("shown");
  var boxes = Array.prototype.slice.call(controls.querySelectorAll("input[type=checkbox]"));
  var blocks = Array.prototype.slice.call(table.tBodies).map(function (body, position) {
    return { body: body, plan: position, grade: +body.dataset.grade, code: body.dataset.code, area: +body.dataset.area, text: null };
  });
  var compare = {
    plan: function (a, b) { return a.plan - b.plan; },
    grade: function (a, b) { return a.grade - b.grade || b.area - a.area || a.plan - b.plan; },
    code: function (a, b) { return a.code.localeCompare(b.code, undefined, { numeric: true }) || a.plan - b.plan; },
    area: function (a, b) { return b.area - a.area || a.plan - b.plan; }
  };
  function filter() {
    var wanted = words.value.trim().toLowerCase(), count = 0, grades = {};
    boxes.forEach(function (box) { grades[box.dataset.grade] = box.checked; });
    blocks.forEach(function (block) {
      var rows = block.body.rows, some = !rule.value;
      if (wanted && block.text === null) { block.text = block.body.textContent.toLowerCase(); }
      for (var i = 1; i < rows.length; i += 1) {
        var fits = !rule.value || rows[i].dataset.rule === rule.value;
        rows[i].hidden = !fits;
        some = some || fits;
      }
      block.body.hidden = !(some && grades[block.grade] && (!wanted || block.text.indexOf(wanted) >= 0));
      count += block.body.hidden ? 0 : 1;
    });
    shown.textContent = shown.dataset.words.replace("{shown}", count).replace("{all}", blocks.length);
  }
  function sort() {
    var sorted = document.createDocumentFragment();
    blocks.slice().sort(compare[order.value]).forEach(function (block) { sorted.appendChild(block.body); });
    table.appendChild(sorted);
  }
  var waiting = null;
  words.addEventListener("input", function () { clearTimeout(waiting); waiting = setTimeout(filter, 150); });
  rule.addEventListener("change", filter);
  order.addEventListener("change", sort);
  boxes.forEach(function (box) { box.addEventListener("change", filter); });
  controls.hidden = false;
  filter();
}());
