// Answers every question that is still open with yes: <button data-answer-open="beginning of their names" hidden>.
for (const button of document.querySelectorAll("[data-answer-open]")) {
  button.hidden = false;
  button.addEventListener("click", () => {
    const open = `input[type="radio"][value=""][name^="${button.dataset.answerOpen}"]:checked`;
    for (const answer of button.form.querySelectorAll(open)) {
      const yes = button.form.querySelector(`input[name="${answer.name}"][value="yes"]`);
      yes.checked = true;
      yes.dispatchEvent(new Event("input", { bubbles: true }));
    }
  });
}
