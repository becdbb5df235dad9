import { expect, test } from "vitest";
import { Random } from "./random.ts";

test("a seed gives the numbers that it always gave: splits and figures of earlier runs stand on them", () => {
  const random = new Random(7, "split");
  expect(Array.from({ length: 4 }, () => random.uint32())).toEqual([
    662173476, 378239801, 521591831, 1668278400,
  ]);
});

test("the same seed and stream repeat; another seed, a high bit of it or another stream does not", () => {
  const first = (seed: number, stream?: string) => new Random(seed, stream).next();
  expect(first(7, "split")).toBe(first(7, "split"));
  const others = [first(7), first(8), first(7 + 2 ** 40), first(7, "split"), first(7, "dropout"), first(0)];
  expect(new Set(others).size).toBe(others.length);
});

test("normal() has mean 0, variance 1 and the fourth moment 3", () => {
  const random = new Random(1);
  const n = 100_000;
  let [m1, m2, m4] = [0, 0, 0];
  for (let i = 0; i < n; i++) {
    const x = random.normal();
    m1 += x / n;
    m2 += x ** 2 / n;
    m4 += x ** 4 / n;
  }
  // Within about four standard errors: sqrt(1/n), sqrt(2/n), sqrt(96/n).
  expect(Math.abs(m1)).toBeLessThan(0.013);
  expect(Math.abs(m2 - 1)).toBeLessThan(0.018);
  expect(Math.abs(m4 - 3)).toBeLessThan(0.125);
});

test("int(n) reaches every value alike", () => {
  const random = new Random(2);
  const counts = Array<number>(7).fill(0);
  for (let i = 0; i < 70_000; i++) counts[random.int(7)]!++;
  for (const count of counts) expect(Math.abs(count - 10_000)).toBeLessThan(400);
});

test("shuffle keeps the elements, leaves its argument alone, and every order is as likely", () => {
  const random = new Random(5);
  const xs = ["a", "b", "c"];
  const counts = new Map<string, number>();
  for (let i = 0; i < 60_000; i++) {
    const order = random.shuffle(xs).join("");
    counts.set(order, (counts.get(order) ?? 0) + 1);
  }
  expect(xs).toEqual(["a", "b", "c"]);
  expect([...counts.keys()].sort()).toEqual(["abc", "acb", "bac", "bca", "cab", "cba"]);
  for (const count of counts.values()) expect(Math.abs(count - 10_000)).toBeLessThan(400);
});

test("a seed that is no whole number is refused", () => {
  expect(() => new Random(1.5)).toThrow(/seed is 1.5, expected a whole number/);
  expect(() => new Random(-1)).toThrow(/seed is -1/);
});
