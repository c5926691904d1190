// How long after it opened a page that follows a task takes nothing: a second click was meant for the one before.
const LATE_CLICK = 1000;

// A form that is on its way is not sent again by a double click, and no click decides a task that nobody has seen.
export function protectForms(root) {
  root.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.dataset.sent || (followsTask() && performance.now() < LATE_CLICK)) {
      event.preventDefault();
      return;
    }
    form.dataset.sent = "yes";
    form.setAttribute("aria-busy", "true");
  });
  // Back in the history a page may be shown again as it was left.
  window.addEventListener("pageshow", () => {
    for (const form of root.querySelectorAll("form[data-sent]")) {
      delete form.dataset.sent;
      form.removeAttribute("aria-busy");
    }
  });
}

// Whether another task's page led here: the next one opens where the last was decided.
function followsTask() {
  const before = document.referrer && new URL(document.referrer).pathname;
  return /\/(decide|accept)$/.test(before) && before !== location.pathname;
}
