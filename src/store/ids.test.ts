// Tests of identifiers: their form, and that later is greater.
import { expect, test } from "vitest";
import { newId } from "./ids.ts";

test("ids are UUIDs of version 7 with their time, and each is greater than the one before", () => {
  const now = Date.now() + 60_000;
  const ids = Array.from({ length: 10_000 }, () => newId(now));
  expect(ids).toEqual([...new Set(ids)].sort());
  for (const id of ids)
    expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  expect(Number.parseInt(ids[0]!.replaceAll("-", "").slice(0, 12), 16)).toBe(now);
  expect(newId(now - 30_000) > ids.at(-1)!).toBe(true);
});
