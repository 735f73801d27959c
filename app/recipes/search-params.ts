import { createLoader } from "nuqs/server";
import { LONGEST_TEXT, parseAsCount, parseAsWords } from "#app/address/parsers.ts";

/** The whole state of the list of recipes. */
export const recipesParams = {
  text: parseAsWords.withDefault(""),
};

export const RECIPES_PARAMS_WANTED: Readonly<Record<keyof typeof recipesParams, string>> = {
  text: `text of at most ${LONGEST_TEXT} characters`,
};

export const loadRecipesParams = createLoader(recipesParams);

const MOST_VERSIONS = 2 ** 31 - 1;
const parseAsVersion = parseAsCount(MOST_VERSIONS);

/** Which two versions of a recipe are laid beside each other; left out: the newest and the one before. */
export const recipeParams = {
  from: parseAsVersion,
  to: parseAsVersion,
};

export const RECIPE_PARAMS_WANTED: Readonly<Record<keyof typeof recipeParams, string>> = {
  from: "the number of a version, from 1",
  to: "the number of a version, from 1",
};

export const loadRecipeParams = createLoader(recipeParams);

/** Which version a draft begins with; left out: the newest. */
export const editParams = { version: parseAsVersion };
export const EDIT_PARAMS_WANTED = { version: "the number of a version, from 1" };
export const loadEditParams = createLoader(editParams);
