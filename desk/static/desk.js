// Enhances pages that work without it: the reader's own time zone, keys for the review, dragging over map and timeline.
"use strict";

const local = new Intl.DateTimeFormat(document.documentElement.lang, {
  dateStyle: "medium",
  timeStyle: "short",
});
for (const time of document.querySelectorAll("time[data-local]")) {
  const moment = new Date(time.dateTime);
  if (Number.isNaN(moment.valueOf())) continue;
  time.title = time.textContent;
  time.textContent = local.format(moment);
}
for (const hint of document.querySelectorAll("[data-show]")) hint.hidden = false;

// A menu closes by Escape and by a click elsewhere.
document.addEventListener("click", (event) => {
  for (const menu of document.querySelectorAll("details.menu[open]"))
    if (!menu.contains(event.target)) menu.open = false;
});
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  const menu = document.querySelector("details.menu[open]");
  if (menu) {
    menu.open = false;
    menu.querySelector("summary").focus();
  }
});

// Keys: j and k walk through the cards, a letter presses the button that shows it.
const cards = [...document.querySelectorAll("[data-card]")];
let at = -1;
function go(number) {
  if (!cards.length) return;
  if (at >= 0) cards[at].classList.remove("at");
  at = Math.max(0, Math.min(cards.length - 1, number));
  cards[at].classList.add("at");
  cards[at].focus();
  cards[at].scrollIntoView({ block: "nearest" });
}
document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest("input, select, textarea"))
    return;
  const focused = cards.findIndex((card) => card.contains(document.activeElement));
  if (focused >= 0 && focused !== at) {
    if (at >= 0) cards[at].classList.remove("at");
    at = focused;
  }
  if (event.key === "j") return go(at + 1);
  if (event.key === "k") return go(at - 1);
  const scope = cards.length ? cards[at] : document;
  if (event.key === "o" && cards[at]) return cards[at].querySelector("[data-open]")?.click();
  if (!/^[a-z]$/.test(event.key)) return;
  const button =
    scope?.querySelector(`[data-key="${event.key}"]`) ??
    document.querySelector(`.done [data-key="${event.key}"]`);
  if (button) {
    event.preventDefault();
    button.click();
  }
});
// Where the last act was on a card, go on with the card that came up in its place.
if (cards.length && location.hash.startsWith("#at-")) go(Number(location.hash.slice(4)));
for (const [number, card] of cards.entries())
  for (const form of card.querySelectorAll("form")) {
    const back = form.querySelector('[name="back"]');
    if (back)
      form.addEventListener("submit", () => {
        back.value = `${back.value.split("#")[0]}#at-${number}`;
      });
  }

// The timeline: press on one bar, let go on another.
for (const list of document.querySelectorAll("[data-brush]")) {
  const bars = [...list.querySelectorAll("a")];
  let from = -1,
    to = -1;
  const barAt = (event) =>
    bars.findIndex((bar) => {
      const box = bar.getBoundingClientRect();
      return event.clientX >= box.left && event.clientX <= box.right + 2;
    });
  const show = () =>
    bars.forEach((bar, i) =>
      bar.parentElement.classList.toggle(
        "in",
        from >= 0 && i >= Math.min(from, to) && i <= Math.max(from, to),
      ),
    );
  list.addEventListener("dragstart", (event) => event.preventDefault());
  list.addEventListener("pointerdown", (event) => {
    if (event.button === 0) {
      from = to = barAt(event);
      show();
    }
  });
  list.addEventListener("pointermove", (event) => {
    const bar = barAt(event);
    if (from >= 0 && bar >= 0) {
      to = bar;
      show();
    }
  });
  list.addEventListener("pointerleave", () => {
    from = -1;
    show();
  });
  list.addEventListener("click", (event) => {
    if (from < 0 || from === to) {
      from = -1;
      show();
      return;
    }
    event.preventDefault();
    const [first, last] = [bars[Math.min(from, to)], bars[Math.max(from, to)]];
    const target = new URL(first.href);
    target.searchParams.set("since", first.dataset.since);
    target.searchParams.set("until", last.dataset.until);
    location.assign(target);
  });
}

// The map: drag a rectangle. Miller's projection backwards, as desk/worldmap.py does it.
for (const map of document.querySelectorAll("svg[data-box]")) {
  const point = (event) =>
    new DOMPoint(event.clientX, event.clientY).matrixTransform(map.getScreenCTM().inverse());
  const latitude = (y) =>
    (2.5 * (Math.atan(Math.exp(0.8 * ((-y * Math.PI) / 180))) - Math.PI / 4) * 180) / Math.PI;
  let start = null,
    brush = null;
  map.addEventListener("dragstart", (event) => event.preventDefault());
  map.addEventListener("pointerdown", (event) => {
    if (event.button === 0 && event.pointerType !== "touch") start = point(event);
  });
  map.addEventListener("pointermove", (event) => {
    if (!start) return;
    const now = point(event);
    if (!brush && Math.hypot(now.x - start.x, now.y - start.y) < map.viewBox.baseVal.width / 100) return;
    if (!brush) {
      brush = map.appendChild(document.createElementNS(map.namespaceURI, "rect"));
      brush.setAttribute("class", "brush");
      brush.setAttribute("stroke-width", map.viewBox.baseVal.width / 600);
      map.setPointerCapture(event.pointerId);
    }
    for (const [name, value] of Object.entries({
      x: Math.min(start.x, now.x),
      y: Math.min(start.y, now.y),
      width: Math.abs(now.x - start.x),
      height: Math.abs(now.y - start.y),
    }))
      brush.setAttribute(name, value);
  });
  const end = (event) => {
    if (brush) {
      const now = point(event),
        round = (value) => Math.round(value * 1000) / 1000,
        clamp = (value, most) => Math.max(-most, Math.min(most, value));
      const box = [
        Math.min(start.x, now.x),
        latitude(Math.max(start.y, now.y)),
        Math.max(start.x, now.x),
        latitude(Math.min(start.y, now.y)),
      ];
      const query = new URLSearchParams(map.dataset.box);
      query.set("box", box.map((value, i) => round(clamp(value, i % 2 ? 90 : 180))).join(","));
      location.assign(`${map.dataset.path}?${query}`);
    }
    start = null;
  };
  map.addEventListener("pointerup", end);
  map.addEventListener("pointercancel", () => {
    brush?.remove();
    start = brush = null;
  });
}
