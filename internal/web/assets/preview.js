// Keeps the conversation on the page: without this script every question loads a page with one answer.
"use strict";
(() => {
  const talk = document.getElementById("talk");
  const status = document.getElementById("status");
  const field = document.getElementById("question");
  const list = document.getElementById("suggestions");
  let busy = false;

  function setBusy(on) {
    busy = on;
    document.body.classList.toggle("busy", on);
    status.textContent = on ? "Looking for the answer" : "";
  }

  function show(html, form) {
    const holder = document.createElement("template");
    holder.innerHTML = html;
    const exchange = holder.content.querySelector(".exchange");
    if (!exchange) return;
    for (const old of talk.querySelectorAll(".empty, .failed")) old.remove();
    const pressedIn = form.closest(".exchange");
    if (exchange.hasAttribute("data-replace") && pressedIn) {
      pressedIn.querySelector(".looks").replaceWith(exchange.querySelector(".looks"));
      status.textContent = "The answer has changed";
      pressedIn.querySelector(".asked").focus({ preventScroll: true });
      return;
    }
    talk.prepend(exchange);
    const head = exchange.querySelector(".asked");
    if (!head) return;
    status.textContent = "Answered: " + (exchange.querySelector(".words")?.textContent.trim().split("\n")[0] || "");
    if (form.classList.contains("ask")) { field.value = ""; list.replaceChildren(); field.focus(); }
    else head.focus({ preventScroll: true });
    exchange.scrollIntoView({ block: "nearest" });
    if (!form.classList.contains("ask")) window.scrollTo({ top: 0 });
  }

  function fail(text, form) {
    const p = document.createElement("p");
    p.className = "problem";
    p.setAttribute("role", "alert");
    p.textContent = text;
    const box = document.createElement("article");
    box.className = "exchange failed";
    box.append(p);
    show(box.outerHTML, form);
  }

  document.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (busy) return;
    const form = event.target;
    const data = new URLSearchParams(new FormData(form, event.submitter));
    data.set("part", "1");
    setBusy(true);
    try {
      const answer = await fetch("/", { method: "POST", body: data });
      const html = await answer.text();
      setBusy(false);
      show(html, form);
    } catch {
      setBusy(false);
      fail("Docent did not answer. Is the program still running?", form);
    }
  });

  let timer = 0;
  field.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(async () => {
      if (!field.value.trim()) { list.replaceChildren(); return; }
      try {
        const answer = await fetch("/suggest", { method: "POST", body: new URLSearchParams({ question: field.value }) });
        if (!answer.ok) return;
        list.replaceChildren(...(await answer.json()).map((title) => new Option(title, title)));
      } catch { /* no suggestions, then */ }
    }, 250);
  });
})();
