// What every page can do better with scripts. Every page works without.
import { protectForms } from "./forms.js";

protectForms(document);
