// What every page can do better with scripts. Every page works without.
import { checkSizes } from "./files.js";
import { protectForms } from "./forms.js";

checkSizes(document);
protectForms(document);

// Where the pages stand side by side in a narrow window, the present one is in sight.
document.querySelector(".rooms__link[aria-current]")?.scrollIntoView({ block: "nearest", inline: "center" });
