// A file that is too large is told at once: <input type="file" data-most="bytes" data-too-large="…{name}…">.
// It is not sent, for its upload would take long and end in a refusal.
export function checkSizes(root) {
  root.addEventListener("change", (event) => {
    const field = event.target.closest("input[type=file][data-most]");
    if (!field) return;
    const large = [...field.files].find((file) => file.size > Number(field.dataset.most));
    const room = field.closest(".field");
    room.classList.toggle("field--wrong", Boolean(large));
    room.querySelector("[data-told]")?.remove();
    if (!large) return;
    const told = document.createElement("p");
    told.className = "field__error";
    told.dataset.told = "";
    told.setAttribute("role", "alert");
    told.textContent = field.dataset.tooLarge.replace("{name}", () => large.name);
    field.value = "";
    room.append(told);
  });
}
