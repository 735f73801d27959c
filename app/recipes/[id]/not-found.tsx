import type { Metadata } from "next";
import { NotThere } from "#app/not-there.tsx";

export const metadata: Metadata = { title: "No such recipe" };

export default function NoSuchRecipe() {
  return (
    <NotThere title="There is no such recipe" way={{ href: "/recipes", name: "Go to the recipes" }}>
      No recipe that you may see has the id in this address. The link may be incomplete, or the recipe was
      removed.
    </NotThere>
  );
}
