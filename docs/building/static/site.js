// A formula wider than its page scrolls in a box of its own: let the keyboard reach that box.
const BOXES = 'mjx-container[display="true"], .text_html div[style*="overflow-x"]';
function reachable() {
  for (const box of document.querySelectorAll(BOXES)) {
    if (box.scrollWidth > box.clientWidth) box.tabIndex = 0;
    else box.removeAttribute("tabindex");
  }
}
window.addEventListener("load", () => window.MathJax?.startup?.promise.then(reachable));
window.addEventListener("resize", reachable);
