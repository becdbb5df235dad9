// Tests of the addresses after the `#`.
import { expect, test } from "vitest";
import { hrefTo, parseAddress } from "./router.ts";

test.each([
  ["", [], ""],
  ["#/", [], ""],
  ["#/live", ["live"], ""],
  ["#/recordings/a%2Fb", ["recordings", "a/b"], ""],
  ["#/history?q=two+words&emotion=sad", ["history"], "q=two+words&emotion=sad"],
  ["#/history/%E0%A4%A", ["history", "%E0%A4%A"], ""],
])("%j is read", (hash, path, query) => {
  const address = parseAddress(hash);
  expect(address.path).toEqual(path);
  expect(address.query.toString()).toBe(query);
});

test("what is written is read again", () => {
  const path = ["recordings", "a b/ü?#"];
  const { path: back, query } = parseAddress(hrefTo(path, { q: "1 & 2", none: undefined, empty: "" }));
  expect(back).toEqual(path);
  expect([...query]).toEqual([["q", "1 & 2"]]);
});
