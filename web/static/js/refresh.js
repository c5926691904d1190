// Work in progress, shown anew until it has ended: <section id="…" data-refresh="address of this page">.
const PAUSE = 1000;

const refresh = async (section) => {
  const answer = await fetch(section.dataset.refresh).catch(() => null);
  let shown = section;
  if (answer?.ok) {
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const fresh = page.getElementById(section.id);
    // Without the section the page is another one, such as the sign-in: what stands here stays.
    if (!fresh) return;
    shown = document.adoptNode(fresh);
    section.replaceWith(shown);
  }
  if (shown.dataset.refresh) setTimeout(refresh, PAUSE, shown);
};

for (const section of document.querySelectorAll("[data-refresh]")) setTimeout(refresh, PAUSE, section);
