// What a form would do, shown anew while it is filled in: <form data-live="address">.
// The answer holds pieces of the page, made on the server by the same rules that judge when the form is sent;
// each takes the place of the piece with its id.
const PAUSE = 350;

for (const form of document.querySelectorAll("form[data-live]")) {
  let timer = 0;
  let latest = null;

  const show = (text) => {
    const answer = new DOMParser().parseFromString(text, "text/html");
    for (const piece of answer.body.querySelectorAll(":scope > [id]")) {
      document.getElementById(piece.id)?.replaceWith(document.adoptNode(piece));
    }
  };
  const typed = () => {
    const sent = new FormData(form);
    // A file is looked at when it is attached: it need not travel at every pause.
    for (const [name, value] of [...sent]) if (value instanceof File) sent.delete(name);
    return sent;
  };
  const ask = async () => {
    latest?.abort();
    latest = new AbortController();
    try {
      const answer = await fetch(form.dataset.live, {
        method: "POST",
        body: typed(),
        signal: latest.signal,
      });
      if (answer.ok) show(await answer.text());
    } catch (error) {
      // A newer question took over, or the network is away: what stands on the page stays.
      if (error.name !== "AbortError" && !(error instanceof TypeError)) throw error;
    }
  };
  form.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(ask, PAUSE);
  });
}
