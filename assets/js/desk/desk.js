// The script of the pages where people work: every page's, and the modules of fields that only they have.
import "../app.js";
import "./tag_input.js";
import "./upload.js";
