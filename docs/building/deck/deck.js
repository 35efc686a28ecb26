// Formulas first, then what is too long for a slide is divided, then reveal.js takes over.
(() => {
  // Held upright, a screen gets narrow and tall slides.
  const upright = innerWidth < innerHeight;
  const wide = upright ? 640 : 1280;
  const high = upright ? Math.round(wide * innerHeight / innerWidth) : 720;
  // How much larger than written a short page is shown, and how much smaller a long one.
  const [LARGEST, SMALL, SMALLEST] = [1.2, 0.85, 0.6];
  document.documentElement.style.setProperty("--wide", `${wide}px`);

  window.MathJax = {
    tex: {
      inlineMath: [["\\(", "\\)"], ["$", "$"]],
      displayMath: [["\\[", "\\]"], ["$$", "$$"]],
    },
    svg: { scale: 0.94 },
    options: { enableMenu: false },
    startup: { pageReady: () => MathJax.startup.defaultPageReady().then(begin) },
  };

  async function begin() {
    await Promise.all([...document.images].map(image => image.decode().catch(() => {})));
    document.querySelectorAll(".page").forEach(divide);
    document.querySelectorAll(".page").forEach(page => { fit(page); addAnswersToNotes(page); });
    await Reveal.initialize({
      width: wide, height: high, margin: 0, minScale: 0.1, maxScale: 4, center: false,
      hash: true, navigationMode: "linear", slideNumber: "c/t", transition: "none",
      scrollActivationWidth: 0, pdfMaxPagesPerSlide: 1, plugins: [RevealNotes],
      keyboard: { 38: () => scroll(-1), 40: () => scroll(1) },
      keyboardCondition: event =>
        !([" ", "Enter"].includes(event.key) && event.target.closest("summary, a")),
    });
    Reveal.on("slidechanged", () => { document.activeElement.blur(); nameSection(); });
    nameSection();
  }

  // Zoom in or out until the page fills its slide; what is longer still can be scrolled.
  function fit(page) {
    for (let zoom = LARGEST; zoom > SMALLEST - 0.01; zoom -= 0.05) {
      page.style.zoom = zoom;
      if (page.getBoundingClientRect().height <= high) return;
    }
  }

  // Blocks of a page: its prose, its code, what code has put out.
  const isCode = block => block.matches(".highlight, details.code");
  const isOutput = block => block.matches(".output");
  const isCaption = block => /^Figure/.test(block.textContent);
  const isAnswer = block => block.matches("details:not(.code)");
  const announces = block => block.matches("h1, h2, h3") || /[:?]$/.test(block.textContent.trim());

  // What it costs to turn the page between two blocks, when a page costs 1.
  function costOfCut(before, after) {
    if (isOutput(after) || isCaption(after) || isAnswer(after)) return 3;
    if (isCode(before) || isOutput(before) || isCaption(before)) return isCode(after) ? 0.1 : 0;
    if (announces(before)) return 3;
    return isCode(after) ? 0.6 : 0.3;
  }

  // What a page costs that is this tall: more when its text is small, a little when it is empty.
  function costOfPage(tall) {
    const filled = tall / high;
    if (filled <= 1) return 1 + 0.4 * (1 - filled) ** 2;
    return filled <= 1 / SMALL ? 1 + 4 * (filled - 1) : 20 * filled;
  }

  // Divide a page at the cheapest places, found from the last block to the first.
  function divide(page) {
    const blocks = [...page.children];
    const edges = blocks.map(block => block.getBoundingClientRect());
    const borders = page.getBoundingClientRect().height - (edges.at(-1).bottom - edges[0].top);
    const cheapest = [...blocks.map(() => ({ cost: Infinity })), { cost: 0 }];
    for (let first = blocks.length - 1; first >= 0; first--) {
      for (let next = first + 1; next <= blocks.length; next++) {
        const tall = edges[next - 1].bottom - edges[first].top + borders;
        const cut = next < blocks.length ? costOfCut(blocks[next - 1], blocks[next]) : 0;
        const cost = costOfPage(tall) + cut + cheapest[next].cost;
        if (cost < cheapest[first].cost) cheapest[first] = { cost, next };
      }
    }
    let section = page.parentNode;
    for (let first = cheapest[0].next; first < blocks.length; first = cheapest[first].next) {
      section.after(document.createElement("section"));
      section = section.nextSibling;
      section.innerHTML = '<div class="page"></div>';
      section.firstChild.append(...blocks.slice(first, cheapest[first].next));
    }
  }

  // The speaker finds the folded answers among the notes.
  function addAnswersToNotes(page) {
    const answers = [...page.querySelectorAll("details:not(.code)")];
    if (!answers.length) return;
    const notes = page.parentNode.appendChild(document.createElement("aside"));
    notes.className = "notes";
    notes.append(...answers.flatMap(fold => [...fold.cloneNode(true).childNodes]));
  }

  function scroll(direction) {
    Reveal.getCurrentSlide().scrollBy({ top: 120 * direction, behavior: "smooth" });
  }

  // Below each slide stands the section that it belongs to.
  function nameSection() {
    const slide = Reveal.getCurrentSlide();
    const before = title => !(slide.compareDocumentPosition(title) & Node.DOCUMENT_POSITION_FOLLOWING)
      || slide.contains(title);
    const title = [...document.querySelectorAll(".page h2")].findLast(before);
    document.getElementById("section").textContent = title ? `· ${title.textContent}` : "";
  }

  // A dot of a stepping picture keeps the arrow keys; any other key gives the keyboard back.
  addEventListener("keydown", event => {
    const dot = document.activeElement;
    if (dot.type !== "radio" || event.key.startsWith("Arrow") || event.key === "Tab") return;
    dot.blur();
    if (event.key === "Escape") event.stopPropagation();
  }, true);
  // A fold that the mouse has opened does not keep the space bar.
  addEventListener("click", event => event.detail && event.target.closest("summary")?.blur());
})();
