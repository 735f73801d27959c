/** Columns of the strip that shows the whole run, and of the first drawing that the server reads for it. */
export const OVERVIEW_PIXELS = 800;
