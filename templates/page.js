"use strict";
(() => {
  const card = document.getElementById("card");
  let chosen = [];
  let opener = null;

  // Marks all mentions of a group and shows what is known of it. Without this script the same link leads to the list.
  const close = () => {
    chosen.forEach((element) => element.classList.remove("on"));
    chosen = [];
    card.hidden = true;
  };
  const open = (mention) => {
    const group = document.getElementById(mention.hash.slice(1));
    if (!group) return false;
    const again = mention.classList.contains("on");
    close();
    if (again) return true;
    chosen = [group, ...group.closest("article").querySelectorAll(`a.mention[href="${mention.hash}"]`)];
    chosen.forEach((element) => element.classList.add("on"));
    const kind = document.createElement("span");
    kind.className = "kind";
    kind.textContent = group.dataset.kind;
    const shut = document.createElement("button");
    shut.type = "button";
    shut.textContent = "✕";
    shut.setAttribute("aria-label", "Close");
    shut.addEventListener("click", () => { close(); opener?.focus(); });
    card.replaceChildren(kind, ...[...group.childNodes].map((node) => node.cloneNode(true)), shut);
    card.className = group.className.replace("on", "").trim();
    card.hidden = false;
    opener = mention;
    return true;
  };
  document.addEventListener("click", (event) => {
    const mention = event.target.closest("a.mention");
    if (mention && !event.ctrlKey && !event.metaKey && open(mention)) event.preventDefault();
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && !card.hidden) { close(); opener?.focus(); }
  });

  // A sentence of the summary marks the one that it came from.
  const source = (event) => {
    const from = event.target.closest?.("a.from");
    return from && document.getElementById(from.hash.slice(1));
  };
  for (const [name, on] of [["mouseover", true], ["focusin", true], ["mouseout", false], ["focusout", false]]) {
    document.addEventListener(name, (event) => source(event)?.classList.toggle("on", on));
  }

  // The index comes first for the keyboard too, and finds words anywhere in the articles.
  const index = document.getElementById("index");
  if (!index) return;
  (document.querySelector("form.paste") ?? document.body.firstChild).before(index);
  index.querySelector(".search").hidden = false;
  const search = document.getElementById("search");
  const fold = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase().replace(/\s+/g, " ");
  const items = [...index.querySelectorAll("li")].map((item) => {
    const article = document.getElementById(item.dataset.article);
    return { item, article, text: fold(article.textContent) };
  });
  search.addEventListener("input", () => {
    const words = fold(search.value).split(" ").filter(Boolean);
    let found = 0;
    for (const { item, article, text } of items) {
      const hit = words.every((word) => text.includes(word));
      item.hidden = article.hidden = !hit;
      found += hit;
    }
    document.getElementById("found").textContent = words.length ? `${found} of ${items.length}` : "";
  });
})();
