// Everything here makes pages quicker to use; every page works without it.
(() => {
  const root = document.documentElement;
  const $ = (selector, within = document) => within.querySelector(selector);
  const all = (selector, within = document) => [...within.querySelectorAll(selector)];
  const typing = (element) => element.matches("input:not([type=checkbox]):not([type=radio]), textarea, select, [contenteditable]");
  const remember = (name, value) => { try { localStorage.setItem(`look-${name}`, value); } catch { /* forbidden storage: not remembered */ } };

  // The look: dark theme and large type.
  const isDark = () => (root.dataset.theme ?? (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light")) === "dark";
  const isOn = { theme: isDark, type: () => root.dataset.type === "large" };
  const showLook = () => all("[data-look]").forEach((one) => one.setAttribute("aria-pressed", isOn[one.dataset.look]()));
  const switchLook = (name) => {
    root.dataset[name] = name === "theme" ? (isDark() ? "light" : "dark") : isOn.type() ? "normal" : "large";
    remember(name, root.dataset[name]);
    showLook();
    dispatchEvent(new Event("look"));
  };

  // Dialogs and confirmation.
  const opener = new WeakMap();
  const open = (dialog, from) => { opener.set(dialog, from); dialog.showModal(); };
  const confirmed = (words, label, from) => new Promise((resolve) => {
    const dialog = $("#confirm");
    if (!dialog) return resolve(window.confirm(words));
    const yes = $("[data-confirm-yes]", dialog);
    $("#confirm-what").textContent = words;
    yes.textContent = label || "确定";
    dialog.returnValue = "";
    yes.onclick = () => dialog.close("yes");
    dialog.addEventListener("close", () => resolve(dialog.returnValue === "yes"), { once: true });
    open(dialog, from);
  });
  const agreed = new WeakSet();
  addEventListener("submit", (event) => {
    const words = event.submitter?.dataset.confirm ?? event.target.dataset.confirm;
    if (!words || agreed.delete(event.target)) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    confirmed(words, event.submitter?.textContent.trim(), event.submitter).then((yes) => {
      if (!yes) return;
      agreed.add(event.target);
      event.target.requestSubmit(event.submitter);
    });
  }, true);
  addEventListener("htmx:confirm", (event) => {
    const words = event.detail.ctx.confirm;
    if (!words) return;
    event.preventDefault();
    confirmed(words, event.target.textContent.trim(), event.target).then((yes) => (yes ? event.detail.issueRequest() : event.detail.dropRequest()));
  });
  addEventListener("close", (event) => opener.get(event.target)?.focus?.(), true);

  // The side sheet shows the main part of a record's own page.
  const sheet = $("#sheet");
  const wide = matchMedia("(min-width: 1024px)");
  const closeSheet = () => {
    if (!sheet || sheet.hidden) return;
    sheet.hidden = true;
    const row = $("tr.open");
    row?.classList.remove("open");
    if (row) $("th a", row)?.focus();
  };
  const openSheet = async (link) => {
    const answer = await fetch(link.href, { credentials: "same-origin" }).catch(() => null);
    const page = answer?.ok && !answer.redirected ? new DOMParser().parseFromString(await answer.text(), "text/html") : null;
    const main = page && $("#main", page);
    if (!main) return location.assign(link.href);
    all("#messages", main).forEach((one) => one.remove());
    const body = $("#sheet-body");
    body.replaceChildren(...main.childNodes);
    $("[data-sheet-page]").href = link.href;
    all("tr.open").forEach((row) => row.classList.remove("open"));
    link.closest("tr")?.classList.add("open");
    sheet.hidden = false;
    sheet.scrollTop = 0;
    body.focus();
    window.htmx?.process(body);
    charts();
  };

  // Choosing rows for a bulk act.
  const countChosen = () => all("[data-chosen]").forEach((one) => {
    one.textContent = all("[name=chosen]:checked").length.toLocaleString("zh-CN");
  });
  addEventListener("change", (event) => {
    if (event.target.matches("[data-choose-all]")) all("[name=chosen]").forEach((box) => { box.checked = event.target.checked; });
    if (event.target.matches("[data-choose-all], [name=chosen]")) countChosen();
  });

  addEventListener("click", (event) => {
    const at = event.target.closest?.("[data-look], [data-opens], [data-closes], [data-print], [data-sheet], [data-sheet-close], .menu-close");
    if (!at || event.ctrlKey || event.metaKey || event.shiftKey) return;
    if (at.dataset.look) switchLook(at.dataset.look);
    else if (at.dataset.opens) { const dialog = document.getElementById(at.dataset.opens); if (dialog) { event.preventDefault(); open(dialog, at); } }
    else if ("closes" in at.dataset) at.closest("dialog").close();
    else if ("print" in at.dataset) print();
    else if ("sheetClose" in at.dataset) closeSheet();
    else if ("sheet" in at.dataset && sheet && wide.matches) { event.preventDefault(); openSheet(at); }
  });

  // Keys.
  let going = 0;
  const move = (by) => {
    const links = all("[data-list] tbody th a, .waits .button");
    const here = links.indexOf(document.activeElement);
    links[here < 0 ? 0 : Math.min(Math.max(here + by, 0), links.length - 1)]?.focus();
    return links.length > 0;
  };
  const keys = {
    "/": () => { const box = $("[data-search]"); box?.focus(); box?.select(); return Boolean(box); },
    "?": () => { const help = $("#keys"); if (help && !help.open) open(help, document.activeElement); return true; },
    g: () => { going = Date.now(); $(".menu")?.classList.add("going"); setTimeout(() => $(".menu")?.classList.remove("going"), 1500); return true; },
    x: () => { const box = $("[name=chosen]", document.activeElement.closest("tr") ?? document.createElement("i")); box?.click(); return Boolean(box); },
    ArrowDown: () => move(1), ArrowUp: () => move(-1), j: () => move(1), k: () => move(-1),
    Escape: () => { closeSheet(); return false; },
  };
  addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (event.key !== "Escape" && (typing(event.target) || $("dialog[open]"))) return;
    if (/^Arrow/.test(event.key) && !event.target.closest("[data-list]") && document.activeElement !== document.body) return;
    const go = Date.now() - going < 1500 && all("[data-go]").find((link) => link.dataset.go === event.key);
    going = 0;
    if (go) { event.preventDefault(); location.assign(go.href); }
    else if (keys[event.key]?.()) event.preventDefault();
  });

  // Charts load their library only where there is a chart.
  const charts = () => {
    if (!$("[data-chart]")) return;
    if (window.drawCharts) return window.drawCharts();
    if ($("script[data-for-charts]")) return;
    for (const source of [root.dataset.echarts, root.dataset.charts]) {
      const script = Object.assign(document.createElement("script"), { src: source, async: false });
      script.dataset.forCharts = "";
      document.head.append(script);
    }
  };

  const settle = () => { showLook(); charts(); countChosen(); $("[data-focus]")?.focus(); };
  addEventListener("htmx:after:swap", settle);
  settle();
})();
