// What a form would do, shown anew while it is filled in: <form data-live="address" data-live-into="id">.
// The answer is a piece of a page, made on the server by the same rules that judge when the form is sent.
const PAUSE = 350;

for (const form of document.querySelectorAll("form[data-live]")) {
  const room = document.getElementById(form.dataset.liveInto);
  let timer = 0;
  let latest = null;

  const ask = async () => {
    latest?.abort();
    latest = new AbortController();
    room.setAttribute("aria-busy", "true");
    try {
      const answer = await fetch(form.dataset.live, {
        method: "POST",
        body: new FormData(form),
        signal: latest.signal,
      });
      if (answer.ok) room.innerHTML = await answer.text();
      room.removeAttribute("aria-busy");
    } catch (error) {
      // A newer question took over, or the network is away: what stands on the page stays.
      if (error.name !== "AbortError") room.removeAttribute("aria-busy");
    }
  };
  const soon = () => {
    clearTimeout(timer);
    timer = setTimeout(ask, PAUSE);
  };
  form.addEventListener("input", soon);
  form.addEventListener("change", soon);
}
