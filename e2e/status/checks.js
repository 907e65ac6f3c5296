// What is wrong with the status page in this window, as far as it can be measured.
(() => {
  const faults = [];
  const check = (holds, fault) => { if (!holds) faults.push(fault); };
  const all = (selector) => [...document.querySelectorAll(selector)];
  const words = (e) => e.outerHTML.slice(0, 120);

  const wide = document.documentElement;
  check(wide.scrollWidth <= wide.clientWidth, `the page is ${wide.scrollWidth} wide in a window of ${wide.clientWidth}`);
  for (const e of all("body *")) {
    const box = e.getBoundingClientRect();
    const hidden = getComputedStyle(e).clipPath !== "none" || e.closest("thead");
    check(hidden || box.right <= wide.clientWidth + 1, `beyond the right edge: ${words(e)}`);
  }

  check(wide.lang === "en", `the language is "${wide.lang}"`);
  check(document.title.includes("ZooKeeper"), `the title is "${document.title}"`);
  check(all("h1").length === 1, `${all("h1").length} headings h1`);
  let level = 0;
  for (const h of all("h1, h2, h3, h4, h5, h6")) {
    const next = Number(h.localName[1]);
    check(next <= level + 1, `a gap before ${words(h)}`);
    check(h.innerText.trim() !== "", `an empty heading`);
    level = next;
  }
  for (const e of all("input, select, textarea")) check(e.labels.length > 0, `no label: ${words(e)}`);
  for (const e of all("button, a")) check(e.textContent.trim() !== "", `no words: ${words(e)}`);
  for (const e of all("table")) {
    check(e.querySelectorAll("thead th[scope=col]").length === e.querySelector("tbody tr").children.length, `a table without heads: ${words(e)}`);
    for (const row of e.querySelectorAll("tbody tr")) check(row.querySelector("th[scope=row]"), `a row without a head: ${words(row)}`);
  }
  for (const e of all("section")) check(document.getElementById(e.getAttribute("aria-labelledby")), `no name: ${words(e)}`);
  for (const e of all("svg")) check(e.getAttribute("role") === "img" && e.getAttribute("aria-label"), `no words for ${words(e)}`);
  const ids = all("[id]").map((e) => e.id);
  check(new Set(ids).size === ids.length, `ids are there twice: ${ids}`);
  for (const e of all("[src], link[href], [style]")) check(e.href === "data:,", `an asset or a style: ${words(e)}`);

  const parts = (colour) => colour.match(/[\d.]+/g).map(Number);
  const luminance = (colour) => {
    const [r, g, b] = parts(colour).map((c) => c / 255).map((c) => (c <= 0.03928 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const ground = (e) => {
    for (; e; e = e.parentElement) {
      const colour = getComputedStyle(e).backgroundColor;
      const alpha = parts(colour)[3] ?? 1;
      if (alpha === 1) return colour;
      check(alpha === 0, `half transparent: ${words(e)}`);
    }
    return "rgb(255, 255, 255)";
  };
  const contrast = (e, colour, least) => {
    const [a, b] = [luminance(colour), luminance(ground(e))].sort((x, y) => y - x);
    const ratio = (a + 0.05) / (b + 0.05);
    check(ratio >= least, `contrast ${ratio.toFixed(2)}: ${words(e)}`);
  };
  let texts = 0;
  for (const e of all("body *")) {
    if (e.closest("script, noscript, svg")) continue;
    if ([...e.childNodes].some((n) => n.nodeType === Node.TEXT_NODE && n.data.trim() !== "")) {
      contrast(e, getComputedStyle(e).color, 4.5);
      texts++;
    }
    const before = getComputedStyle(e, "::before");
    if (before.content !== "none" && before.content !== "normal") contrast(e, before.color, 4.5);
  }
  check(texts > 100, `only ${texts} texts`);
  const bars = all("svg rect");
  check(bars.length > 20, `only ${bars.length} bars`);
  for (const e of bars) contrast(e, getComputedStyle(e).fill, 3);
  for (const e of all("input, button")) contrast(e, getComputedStyle(e).borderTopColor, 3);
  return [...new Set(faults)];
})()
