// What every page needs; each module listens on the document, so swapped content works too.
import "./dialogs.js";
import "./forms.js";
import "./menus.js";
import "./tips.js";
import "./toasts.js";
import "./keys.js";
import "./palette.js";
import "./lists.js";
import "./combobox.js";
import "./theme.js";
import "./bell.js";
