// The script of the pages where people work: every page's, and the modules that only they have.
import "../app.js";
import "./autosave.js";
import "./studio_keys.js";
import "./tag_input.js";
import "./tree.js";
import "./upload.js";
