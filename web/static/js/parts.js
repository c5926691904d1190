// A button with data-part="id" fetches the page that its form would lead to, and takes over only that part of it.
document.addEventListener("click", async (event) => {
  const button = event.target.closest("button[data-part]");
  if (!button) return;
  event.preventDefault();
  const form = button.form;
  const sent = new FormData(form, button);
  for (const [name, value] of [...sent]) if (value instanceof File) sent.delete(name);
  const answer = await fetch(form.action, { method: "POST", body: sent });
  if (!answer.ok) {
    form.requestSubmit(button);
    return;
  }
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const part = page.getElementById(button.dataset.part);
  const place = document.getElementById(button.dataset.part);
  place.replaceWith(part);
  const rows = part.querySelectorAll("fieldset");
  const next = rows[rows.length - 1]?.querySelector("select, input") ?? part.querySelector("button");
  next?.focus();
  form.dispatchEvent(new Event("change"));
});
