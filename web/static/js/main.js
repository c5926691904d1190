// What every page can do better with scripts. Every page works without.
import { checkSizes } from "./files.js";
import { protectForms } from "./forms.js";

checkSizes(document);
protectForms(document);

// On a narrow screen the navigation is one line that scrolls: bring the present page into it.
const rooms = document.querySelector(".rooms");
const here = rooms?.querySelector("[aria-current]");
if (here) {
  const line = rooms.getBoundingClientRect();
  const place = here.getBoundingClientRect();
  rooms.scrollLeft += place.left - line.left - (line.width - place.width) / 2;
}
