// A formula wider than its page scrolls in a box of its own: let the keyboard reach that box.
function reachable() {
  for (const box of document.querySelectorAll('mjx-container[display="true"]')) {
    if (box.scrollWidth > box.clientWidth) box.tabIndex = 0;
    else box.removeAttribute("tabindex");
  }
}
window.addEventListener("load", () => window.MathJax?.startup?.promise.then(reachable));
window.addEventListener("resize", reachable);
