import { expect, test } from "vitest";
import { count, counted, duration, percent, percentRange, plain } from "./numbers.ts";

test("a share is shown as it is, and never as all or nothing when it is not", () => {
  expect(percent(556 / 560)).toBe("99.29 %");
  expect(percent(0.125, 1)).toBe("12.5 %");
  expect(percent(1)).toBe("100 %");
  expect(percent(0)).toBe("0 %");
  expect(percent(0.99999)).toBe("99.99 %");
  expect(percent(0.999, 0)).toBe("99 %");
  expect(percent(0.00001, 1)).toBe("0.1 %");
  expect(percent(Number.NaN)).toBe("? %");
  expect(percentRange(0.5661, 1)).toBe("56.61–100 %");
});

test("numbers keep what can be read", () => {
  expect(plain(0.0312149)).toBe("0.03121");
  expect(plain(1e-7)).toBe("1e-7");
  expect(plain(2)).toBe("2");
  expect(count(2240)).toBe("2,240");
  expect(counted(1, "clip")).toBe("1 clip");
  expect(counted(1000, "file was", "files were")).toBe("1,000 files were");
});

test("durations never say 60 of a thing", () => {
  expect(duration(4.249)).toBe("4.2 s");
  expect(duration(9.97)).toBe("10 s");
  expect(duration(59.6)).toBe("1 min 00 s");
  expect(duration(185)).toBe("3 min 05 s");
  expect(duration(3599.7)).toBe("1 h 00 min");
  expect(duration(3725)).toBe("1 h 02 min");
  expect(duration(Number.POSITIVE_INFINITY)).toBe("?");
});
