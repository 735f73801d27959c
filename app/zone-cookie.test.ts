import { expect, test } from "vitest";
import { zoneOfCookie } from "./zone-cookie.ts";

test.each([
  ["Europe/Berlin", "Europe/Berlin"],
  ["UTC", "UTC"],
  ["", null],
  [undefined, null],
  ["Nowhere/Land", null],
  ["<script>", null],
])("%s is the zone %s", (cookie, zone) => {
  expect(zoneOfCookie(cookie)).toBe(zone);
});
