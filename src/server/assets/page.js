// Everything works without this script. It swaps the content in place, completes names, copies citations and moves
// between matches.
"use strict";
(() => {
  const main = () => document.getElementById("main");
  let latest = 0;

  // Shows another screen in place of this one; the old one stays until the new one is here.
  async function show(address, keep) {
    const number = ++latest;
    const url = new URL(address, location.href);
    main().setAttribute("aria-busy", "true");
    try {
      const response = await fetch(url, { headers: { accept: "text/html" } });
      const text = await response.text();
      if (number !== latest) return;
      const kind = response.headers.get("content-type") || "";
      if (!kind.startsWith("text/html")) { location.href = url.href; return; }
      const fresh = new DOMParser().parseFromString(text, "text/html");
      const next = fresh.getElementById("main");
      if (!next) { location.href = url.href; return; }
      if (!keep) history.pushState({}, "", response.redirected ? response.url : url);
      document.title = fresh.title;
      document.querySelector("header.top").replaceWith(fresh.querySelector("header.top"));
      main().replaceWith(next);
      prepare();
      const target = url.hash && document.getElementById(decodeURIComponent(url.hash.slice(1)));
      if (target) target.scrollIntoView({ block: "center" });
      else if (!keep) window.scrollTo(0, 0);
      if (!keep) next.focus({ preventScroll: true });
    } catch {
      if (number === latest) location.href = url.href;
    }
  }

  const swaps = (url) => url.origin === location.origin && !/^\/(api|assets|openapi|sign)/.test(url.pathname);

  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[href]");
    if (!link || event.defaultPrevented || event.button || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    const url = new URL(link.getAttribute("href") ?? link.href.baseVal, location.href);
    const here = url.pathname === location.pathname && url.search === location.search;
    if (!swaps(url) || (here && url.hash)) return;
    event.preventDefault();
    show(url);
  });

  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.method !== "get") return;
    event.preventDefault();
    const url = new URL(form.action);
    url.search = new URLSearchParams(new FormData(form)).toString();
    show(url);
  });

  let path = location.pathname + location.search;
  window.addEventListener("popstate", () => {
    const now = location.pathname + location.search;
    if (now !== path) show(location.href, true);
  });

  // A menu closes when something else is used.
  const close = (except) => document.querySelectorAll(".menu[open]").forEach((menu) => menu === except || (menu.open = false));
  document.addEventListener("click", (event) => close(event.target.closest(".menu")));
  document.addEventListener("keydown", (event) => event.key === "Escape" && close());

  // Copies what a button holds.
  document.addEventListener("click", async (event) => {
    const button = event.target.closest("button[data-copy]");
    if (!button) return;
    try {
      await navigator.clipboard.writeText(button.dataset.copy);
      button.textContent = "Copied";
    } catch {
      button.textContent = "Select the text to copy it";
    }
  });

  // Moves between the matches of an article.
  let match = 0;
  function step(by) {
    const at = document.querySelector("[data-matches]");
    if (!at) return;
    const count = Number(at.dataset.matches);
    match = ((match - 1 + by + count) % count) + 1;
    const mark = document.getElementById("m" + match);
    document.querySelectorAll("mark.here").forEach((old) => old.classList.remove("here"));
    if (!mark) return;
    mark.classList.add("here");
    mark.scrollIntoView({ block: "center", behavior: matchMedia("(prefers-reduced-motion: reduce)").matches ? "auto" : "smooth" });
    at.querySelector(".now").textContent = "match " + match + " of " + count;
  }

  document.addEventListener("keydown", (event) => {
    if (event.target.closest("input, textarea, select, [contenteditable]") || event.metaKey || event.ctrlKey || event.altKey) return;
    if (event.key === "n") step(1);
    else if (event.key === "p") step(-1);
    else if (event.key === "/") { document.querySelector("input[type=search]")?.focus(); event.preventDefault(); }
  });

  // Names, while one types them.
  let asked = 0;
  document.addEventListener("input", (event) => {
    const input = event.target;
    if (input.name !== "q") return;
    const typed = /(?:^|[\s(])(speaker|person|org|place|outlet|byline):"?([^\s":()]{2,})$/.exec(input.value.slice(0, input.selectionStart));
    const number = ++asked;
    const list = document.getElementById("names");
    if (!typed || !list) { list?.replaceChildren(); return; }
    const field = typed[1] === "org" ? "organization" : typed[1];
    setTimeout(async () => {
      if (number !== asked) return;
      const parameters = new URLSearchParams({ field, prefix: typed[2] });
      const response = await fetch("/api/v1/complete?" + parameters);
      if (!response.ok || number !== asked) return;
      const before = input.value.slice(0, input.selectionStart - typed[2].length).replace(/"$/, "");
      list.replaceChildren(...(await response.json()).map((name) => {
        const option = document.createElement("option");
        option.value = before + '"' + name.value + '" ';
        option.label = name.value + " (" + name.count + ")";
        return option;
      }));
    }, 120);
  });

  // What only works with a script is shown by it.
  function prepare() {
    path = location.pathname + location.search;
    match = 0;
    document.querySelectorAll("button.copy").forEach((button) => (button.hidden = false));
    const at = document.querySelector("[data-matches]");
    if (at) {
      const now = document.createElement("span");
      now.className = "now";
      now.setAttribute("aria-live", "polite");
      now.textContent = at.textContent;
      const button = (text, by) => {
        const made = document.createElement("button");
        made.type = "button";
        made.textContent = text;
        made.addEventListener("click", () => step(by));
        return made;
      };
      at.replaceChildren(now, button("↑ previous", -1), button("↓ next", 1));
    }
    const input = document.getElementById("q");
    if (input) {
      const list = document.createElement("datalist");
      list.id = "names";
      input.after(list);
      input.setAttribute("list", "names");
    }
  }
  prepare();
})();
