import type { Page } from "@playwright/test";

/** The hues that mean selection, link and focus (degrees in OKLCH); every other hue is an alarm's. */
const ACCENT = { from: 215, to: 295 };
/** Greys of the design have a chroma up to 0.012, alarm backgrounds from 0.02, alarm marks from 0.115. */
const COLOURED = 0.018;

/**
 * What is drawn on the page in a colour that is neither grey nor the accent: how many pixels of each such colour, the
 * most frequent first. A screenshot of the whole page is looked at, so drawings count like everything else.
 */
export async function alarmPixels(page: Page): Promise<Record<string, number>> {
  const picture = await page.screenshot({ fullPage: true });
  const viewer = await page.context().newPage();
  try {
    return await viewer.evaluate(countColours, {
      picture: picture.toString("base64"),
      accent: ACCENT,
      coloured: COLOURED,
    });
  } finally {
    await viewer.close();
  }
}

type Look = { picture: string; accent: { from: number; to: number }; coloured: number };

/** Runs in the browser. sRGB to OKLab: B. Ottosson, "A perceptual color space for image processing" (2020). */
async function countColours({ picture, accent, coloured }: Look): Promise<Record<string, number>> {
  const bytes = Uint8Array.from(atob(picture), (character) => character.charCodeAt(0));
  const image = await createImageBitmap(new Blob([bytes], { type: "image/png" }));
  const canvas = new OffscreenCanvas(image.width, image.height);
  const context = canvas.getContext("2d");
  if (context === null) throw new Error("no canvas");
  context.drawImage(image, 0, 0);
  const { data } = context.getImageData(0, 0, image.width, image.height);

  const linear = (value: number) =>
    value <= 10.31475 ? value / 255 / 12.92 : ((value / 255 + 0.055) / 1.055) ** 2.4;
  const isAlarm = (red: number, green: number, blue: number): boolean => {
    const [r, g, b] = [linear(red), linear(green), linear(blue)];
    const l = Math.cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b);
    const m = Math.cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b);
    const s = Math.cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b);
    const a = 1.9779984951 * l - 2.428592205 * m + 0.4505937099 * s;
    const bb = 0.0259040371 * l + 0.7827717662 * m - 0.808675766 * s;
    const hue = ((Math.atan2(bb, a) * 180) / Math.PI + 360) % 360;
    return Math.hypot(a, bb) > coloured && (hue < accent.from || hue > accent.to);
  };

  const counts = new Map<number, number>();
  for (let at = 0; at < data.length; at += 4) {
    const [red = 0, green = 0, blue = 0] = [data[at], data[at + 1], data[at + 2]];
    if (red === green && green === blue) continue;
    const colour = (red << 16) | (green << 8) | blue;
    counts.set(colour, (counts.get(colour) ?? 0) + 1);
  }
  const found = [...counts]
    .filter(([colour]) => isAlarm(colour >> 16, (colour >> 8) & 255, colour & 255))
    .sort(([, one], [, other]) => other - one);
  return Object.fromEntries(
    found.slice(0, 20).map(([colour, count]) => [`#${colour.toString(16).padStart(6, "0")}`, count]),
  );
}
