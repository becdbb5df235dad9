// Tests of what changes the number that clips are known by.
import { expect, test } from "vitest";
import type { Clip } from "./corpora/index.ts";
import { fingerprintOf } from "./fingerprint.ts";

const tess = ["back", "bar", "base"].map(
  (word) =>
    ({
      ...{ path: `tess/OAF_${word}_angry.wav`, file: `tess/OAF_${word}_angry.wav`, corpus: "tess" },
      ...{ speaker: "tess/OAF", emotion: "angry", label: "angry", lang: "en" },
    }) as Clip,
);

test("a fingerprint is another with every part, order or clip that can change a result; it is the same in another folder", () => {
  const [first, ...rest] = tess;
  const known = fingerprintOf(tess, []);
  const moved = tess.map((clip) => ({ ...clip, path: `/elsewhere/${clip.file}` }));
  expect(fingerprintOf(moved, [])).toBe(known);
  const changes: Partial<Clip>[] = [
    ...[{ corpus: "other" }, { file: "tess/x.wav" }, { emotion: "sad" as const }],
    ...[{ speaker: "tess/1" }, { gender: "F" }, { bytes: 3 }, { bytes: 4 }],
  ];
  const others = [
    ...changes.map((change) => fingerprintOf([{ ...first!, ...change }, ...rest], [])),
    ...[fingerprintOf(rest, [first!]), fingerprintOf([...rest, first!], []), fingerprintOf(rest, [])],
  ];
  expect(new Set([known, ...others]).size).toBe(1 + others.length);
});
