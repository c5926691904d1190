// What every page can do better with scripts. Every page works without.
import { checkSizes } from "./files.js";
import { protectForms } from "./forms.js";

checkSizes(document);
protectForms(document);
