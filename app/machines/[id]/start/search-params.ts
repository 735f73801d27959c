import { createLoader } from "nuqs/server";
import { LONGEST_TEXT, parseAsId, parseAsWords } from "#app/address/parsers.ts";

/** The whole state of the start page. A link opens it as it was; it never starts anything. */
export const startParams = {
  /** The recipe that was chosen. */
  recipe: parseAsId,
  /** What the list of recipes is narrowed to. */
  find: parseAsWords.withDefault(""),
};

/** What each of them should be. */
export const START_PARAMS_WANTED: Readonly<Record<keyof typeof startParams, string>> = {
  recipe: "the id of a recipe",
  find: `text of at most ${LONGEST_TEXT} characters`,
};

export const loadStartParams = createLoader(startParams);
