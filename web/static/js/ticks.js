// Tick all rows of a form's table at once: <form data-ticks="words for the box in the table's head">.
for (const form of document.querySelectorAll("form[data-ticks]")) {
  const boxes = [...form.querySelectorAll("tbody input[type=checkbox]")];
  const place = form.querySelector("thead td");
  if (boxes.length < 2 || !place) continue;
  const all = document.createElement("input");
  all.type = "checkbox";
  all.className = "form-check-input";
  all.ariaLabel = form.dataset.ticks;
  all.title = form.dataset.ticks;
  const follow = () => {
    const ticked = boxes.filter((box) => box.checked).length;
    all.checked = ticked === boxes.length;
    all.indeterminate = ticked > 0 && !all.checked;
  };
  all.addEventListener("change", () => boxes.forEach((box) => { box.checked = all.checked; }));
  form.addEventListener("change", follow);
  place.append(all);
  follow();
}
