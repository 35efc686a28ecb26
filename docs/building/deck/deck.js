// Formulas first, then what is too long for a slide is divided, then reveal.js takes over.
(() => {
  // Held upright, a screen gets narrow and tall slides; paper and the speaker's window do not.
  const upright = innerWidth < innerHeight && !/receiver|print-pdf/.test(location.search);
  const wide = upright ? 640 : 1280;
  const high = upright ? Math.round(wide * innerHeight / innerWidth) : 720;
  // How much larger than written a short page is shown, and how much smaller a long one.
  const [LARGEST, SMALL, SMALLEST] = [1.2, 0.85, 0.45];
  // What has a scroll bar of its own when it is wide.
  const WIDE = "pre, table, mjx-container[display], .output, .adcourse-derivation div";
  document.documentElement.style.setProperty("--wide", `${wide}px`);
  document.documentElement.classList.toggle("upright", upright);

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
    const all = selector => [...document.querySelectorAll(selector)];
    await Promise.all([...document.images].map(image => image.decode().catch(() => {})));
    narrow(all(WIDE).filter(box => !box.matches(".highlight pre, div.output")));
    all(".adcourse-derivation").forEach(loosen);
    divide(all(".page"));
    fit(all(".page"));
    all(".page").forEach(addAnswersToNotes);
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

  const shownPart = box => (box.clientWidth || 1) / (box.scrollWidth || 1);

  // What is a little too wide gets smaller letters; lines of output that are longer are broken.
  function narrow(boxes) {
    const parts = boxes.map(shownPart);
    boxes.forEach((box, k) => {
      if (parts[k] < 0.8 && box.matches("pre")) box.style.whiteSpace = "pre-wrap";
      else if (parts[k] < 1) box.style.zoom = Math.max(SMALLEST, parts[k] - 0.005);
    });
  }

  // A derivation that is too long for a slide becomes as many blocks as it has steps and results.
  function loosen(derivation) {
    if (derivation.getBoundingClientRect().height <= high) return;
    const parts = [...derivation.children].flatMap(child => {
      if (!child.matches("ol")) return [child];
      return [...child.children].map((step, k) => {
        const list = child.cloneNode(false);
        list.start = child.start + k;
        list.append(step);
        return list;
      });
    });
    derivation.closest(".output").replaceWith(...parts.map((part, k) => {
      const block = document.createElement("div");
      block.className = `output adcourse-derivation ${k ? "step" : ""}`;
      block.append(part);
      return block;
    }));
  }

  // Zoom each page in or out until it fits its slide; what is longer still can be scrolled.
  // All pages are measured, then all changed: every change in between would cost a new layout.
  function fit(pages) {
    const heights = () => pages.map(page => page.getBoundingClientRect().height);
    const shown = page => Math.min(1, ...[...page.querySelectorAll(WIDE)].map(shownPart));
    const set = zooms => pages.forEach((page, k) => { page.style.zoom = zooms[k]; });
    const first = heights().map(tall => tall > high
      ? Math.max(SMALLEST, high / tall - 0.005) : Math.min(LARGEST, Math.sqrt(high / tall)));
    set(first);
    // In a smaller page words move up into fewer lines, so some of its size is given back. In a
    // larger one nothing may be pushed over an edge.
    const second = heights().map((tall, k) => {
      if (first[k] < 1) return Math.min(1, first[k] * Math.sqrt(high / tall));
      const part = shown(pages[k]);
      return part < 1 ? Math.max(1, first[k] * part - 0.005) : first[k];
    });
    set(second);
    set(heights().map((tall, k) => tall > high ? Math.min(1, first[k]) : second[k]));
  }

  // Blocks of a page: its prose, its code, what code has put out.
  const isCode = block => block.matches(".highlight, details.code");
  const isOutput = block => block.matches(".output");
  const isCaption = block => block.matches(".caption");
  const isStep = block => block.matches(".step");
  const isAnswer = block => block.matches("details:not(.code)");
  const isTitle = block => block.matches("h1, h2, h3");
  const announces = block => /[:?]$/.test(block.textContent.trim());
  // A formula on a line of its own, or the rest of a sentence.
  const goesOn = block => block.matches(".math") || /^[a-z]/.test(block.textContent);

  // What it costs to turn the page between two blocks, when a page costs 1.
  function costOfCut(before, after) {
    if (isStep(after)) return 0.2;
    if (isTitle(before) || isOutput(after) || isCaption(after) || isAnswer(after)) return 3;
    const ends = [isCode, isOutput, isCaption, isAnswer].some(is => is(before));
    if (ends) return isCode(after) ? 0.1 : 0;
    if (announces(before) || goesOn(after)) return 1.5;
    return isCode(after) ? 0.6 : 0.3;
  }

  // What a page costs that is this tall: more when its text is small, a little when it is empty.
  function costOfPage(tall) {
    const filled = tall / high;
    if (filled <= 1) return 1 + 0.4 * (1 - filled) ** 2;
    return filled <= 1 / SMALL ? 1 + 4 * (filled - 1) : 20 * filled;
  }

  // Numbers of the blocks that begin the slides of a page, when it is cut at the cheapest places.
  function beginnings(page) {
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
    const found = [];
    for (let first = 0; first < blocks.length; first = cheapest[first].next) found.push(first);
    return found;
  }

  function divide(pages) {
    const plans = pages.map(beginnings);
    pages.forEach((page, k) => {
      for (const first of plans[k].slice(1).reverse()) {
        const section = document.createElement("section");
        section.innerHTML = '<div class="page"></div>';
        section.firstChild.append(...[...page.children].slice(first));
        page.parentNode.after(section);
      }
    });
  }

  // The speaker finds the folded answers among the notes.
  function addAnswersToNotes(page) {
    const answers = [...page.querySelectorAll("details:not(.code, .output *)")];
    if (!answers.length) return;
    const notes = page.parentNode.appendChild(document.createElement("aside"));
    notes.className = "notes";
    notes.append(...answers.map(fold => fold.cloneNode(true)));
    notes.querySelectorAll("details").forEach(fold => { fold.open = true; });
    // The speaker's window lacks the rules that hide the copy of a formula for screen readers.
    notes.querySelectorAll("mjx-assistive-mml").forEach(copy => copy.remove());
  }

  function scroll(direction) {
    Reveal.getCurrentSlide().scrollBy({ top: 120 * direction, behavior: "smooth" });
  }

  // Below each slide stands the section that it belongs to.
  function nameSection() {
    const slide = Reveal.getCurrentSlide();
    const follows = title =>
      slide.compareDocumentPosition(title) === Node.DOCUMENT_POSITION_FOLLOWING;
    const title = [...document.querySelectorAll(".page h2")].findLast(title => !follows(title));
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
