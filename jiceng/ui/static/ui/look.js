// Runs before the first paint, so that a remembered theme or type size never flashes.
(() => {
  const root = document.documentElement;
  root.classList.add("js");
  for (const name of ["theme", "type"]) {
    let kept = null;
    try { kept = localStorage.getItem(`look-${name}`); } catch { /* storage may be forbidden; the look is then not remembered */ }
    if (kept) root.dataset[name] = kept;
  }
})();
