/// What makes the waterfall of a report answer to mouse and keys; it reads numbers from the table's attributes, no text.
///
/// The keys are those of a treegrid (WAI-ARIA Authoring Practices, "Treegrid Pattern").
enum ReportScript {
    static let javaScript = #"""
        "use strict";
        for (const box of document.querySelectorAll(".trace")) {
          const section = box.closest("section"), table = box.querySelector("table");
          const rows = [...table.tBodies[0].rows], whole = Math.max(Number(box.dataset.length), 1e-6);
          const ticks = box.querySelectorAll(".scale span"), range = section.querySelector(".range");
          const items = rows.map(row => ({
            row, depth: Number(row.dataset.depth), start: Number(row.dataset.start), end: Number(row.dataset.end),
            below: Number(row.dataset.below), rect: row.querySelector("rect"), dots: [...row.querySelectorAll("circle")],
            fold: row.querySelector(".fold"), details: row.querySelector("details"), open: true}));
          let from = 0, to = whole, current = 0;

          const text = ms => {
            const [number, unit] = ms >= 1000 ? [ms / 1000, "s"] : ms >= 1 ? [ms, "ms"] : [ms * 1000, "µs"];
            return `${number.toFixed(number < 10 ? 2 : number < 100 ? 1 : 0)} ${unit}`;
          };
          const draw = () => {
            const percent = ms => `${(ms - from) / (to - from) * 100}%`;
            for (const item of items) {
              // What is far outside is drawn just outside, since numbers must not grow without bound.
              const start = Math.max(item.start, from - (to - from)), end = Math.min(item.end, to + (to - from));
              const isOut = item.end < from || item.start > to;
              item.rect.setAttribute("x", isOut ? "-10%" : percent(start));
              item.rect.setAttribute("width", isOut ? "0" : `${Math.max(end - start, 0) / (to - from) * 100}%`);
              for (const dot of item.dots) dot.setAttribute("cx", percent(Number(dot.dataset.at)));
            }
            ticks.forEach((tick, i) => { const at = from + (to - from) * i / 4; tick.textContent = at ? text(at) : "0"; });
            const isWhole = from === 0 && to === whole;
            range.textContent = isWhole ? "" : `${text(from)} to ${text(to)}`;
            box.dataset.from = from; box.dataset.to = to;
          };
          const zoom = (a, b) => {
            const length = Math.min(Math.max(b - a, whole / 1e5), whole);
            from = Math.min(Math.max(a, 0), whole - length); to = from + length;
            if (length === whole) { from = 0; to = whole; }
            draw();
          };
          const scaleBy = factor => {
            const middle = (from + to) / 2, half = (to - from) * factor / 2;
            zoom(middle - half, middle + half);
          };
          const shift = part => { const by = (to - from) * part; zoom(from + by, to + by); };

          const show = () => {
            let hiddenBelow = Infinity;
            for (const item of items) {
              if (item.depth <= hiddenBelow) hiddenBelow = Infinity;
              item.row.hidden = hiddenBelow !== Infinity;
              if (item.below) item.row.setAttribute("aria-expanded", item.open);
              if (!item.open && hiddenBelow === Infinity) hiddenBelow = item.depth;
            }
          };
          const fold = (item, open) => { if (item.below) { item.open = open; show(); } };
          const focus = index => {
            if (index < 0 || index >= items.length) return;
            items[current].row.tabIndex = -1;
            current = index;
            items[current].row.tabIndex = 0;
            items[current].row.focus();
          };
          const step = by => {
            let index = current + by;
            while (items[index] && items[index].row.hidden) index += by;
            focus(index);
          };
          const parent = () => {
            let index = current - 1;
            while (index > 0 && items[index].depth >= items[current].depth) index -= 1;
            focus(index);
          };
          const last = () => { let i = items.length - 1; while (items[i].row.hidden) i -= 1; focus(i); };

          const actions = {
            in: () => scaleBy(.5), out: () => scaleBy(2), left: () => shift(-.25), right: () => shift(.25),
            reset: () => zoom(0, whole),
            fold: () => { for (const item of items) if (item.below && item.depth) item.open = false; show(); },
            unfold: () => { for (const item of items) item.open = true; show(); }
          };
          const keys = {
            ArrowDown: () => step(1), ArrowUp: () => step(-1), Home: () => focus(0), End: last,
            ArrowRight: item => item.below && !item.open ? fold(item, true) : item.below && step(1),
            ArrowLeft: item => item.below && item.open ? fold(item, false) : parent(),
            Enter: item => { const by = (item.end - item.start) * .05; zoom(item.start - by, item.end + by); },
            " ": item => { item.details.open = !item.details.open; },
            "+": actions.in, "=": actions.in, "-": actions.out, "0": actions.reset, Escape: actions.reset,
            "[": actions.left, "]": actions.right
          };
          table.addEventListener("keydown", event => {
            const key = keys[event.key];
            if (!key || event.ctrlKey || event.altKey || event.metaKey) return;
            if (!event.target.matches("tbody tr")) return;
            key(items[current]);
            event.preventDefault();
          });
          table.addEventListener("focusin", event => {
            const index = rows.indexOf(event.target.closest("tbody tr"));
            if (index >= 0 && index !== current) { rows[current].tabIndex = -1; current = index; rows[index].tabIndex = 0; }
          });
          section.querySelector("div.tools").addEventListener("click", event => {
            const action = actions[event.target.dataset.do];
            if (action) action();
          });
          for (const item of items) if (item.fold) item.fold.addEventListener("click", () => fold(item, !item.open));

          const mark = document.createElement("div");
          mark.className = "selection";
          table.addEventListener("pointerdown", event => {
            const cell = event.target.closest("tbody td.time");
            if (!cell || event.button) return;
            const bounds = cell.getBoundingClientRect(), first = event.clientX;
            const at = x => from + Math.min(Math.max((x - bounds.left) / bounds.width, 0), 1) * (to - from);
            const move = event => {
              const area = table.tBodies[0].getBoundingClientRect();
              mark.style.left = `${Math.min(first, event.clientX)}px`;
              mark.style.width = `${Math.abs(event.clientX - first)}px`;
              mark.style.top = `${area.top}px`;
              mark.style.height = `${area.height}px`;
              if (!mark.isConnected) document.body.append(mark);
            };
            const up = event => {
              mark.remove();
              document.removeEventListener("pointermove", move);
              document.removeEventListener("pointerup", up);
              document.removeEventListener("pointercancel", up);
              if (event.type === "pointerup" && Math.abs(event.clientX - first) > 4)
                zoom(Math.min(at(first), at(event.clientX)), Math.max(at(first), at(event.clientX)));
            };
            document.addEventListener("pointermove", move);
            document.addEventListener("pointerup", up);
            document.addEventListener("pointercancel", up);
            event.preventDefault();
          });

          table.setAttribute("role", "treegrid");
          for (const item of items) { item.row.tabIndex = -1; item.row.setAttribute("aria-level", item.depth + 1); }
          items[0].row.tabIndex = 0;
          for (const hidden of section.querySelectorAll("div.tools, .keys")) hidden.hidden = false;
          document.documentElement.classList.add("js");
          show();
          draw();
        }
        """#
}
