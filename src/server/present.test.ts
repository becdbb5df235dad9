// Tests of names, types and numbers as they are kept and shown.
import { expect, test } from "vitest";
import { ANALYSIS } from "../../test/support/service.ts";
import { cleanName, cleanType, tidied } from "./present.ts";

test.each([
  ["a.wav", "a.wav"],
  ["/etc/passwd", "passwd"],
  ["C:\\Users\\x\\a b.wav", "a b.wav"],
  ["..", ".."],
  ["", "recording"],
  ["folder/", "recording"],
  [" \u0000\u001b[31m\n ", "[31m"],
  ["exe\u202egpj.wav", "exegpj.wav"],
  ["\ud800x", "\ufffdx"],
  ["e\u0301.wav", "é.wav"],
  ["\u06a9\u200c\u0647", "\u06a9\u200c\u0647"],
])("the name %j is kept as %j", (name, kept) => expect(cleanName(name)).toBe(kept));

test("a long name is cut between characters", () => expect(cleanName("🎙".repeat(300))).toBe("🎙".repeat(200)));

test.each([
  ["audio/wav", "x", "audio/wav"],
  ["Audio/WebM; codecs=opus", "x", "audio/webm"],
  ["text/html", "x.html", "application/octet-stream"],
  ["text/html", "x.MP3", "audio/mpeg"],
  ["application/octet-stream", "x.opus", "audio/ogg"],
  ["image/svg+xml", "x", "application/octet-stream"],
  ['audio/"><script>', "x", "application/octet-stream"],
  [undefined, "constructor.constructor", "application/octet-stream"],
])("the type %j of %j is %j", (type, name, kept) => expect(cleanType(type, name)).toBe(kept));

test("numbers are rounded to what means anything, and shares stay shares", () => {
  const analysis = { ...ANALYSIS, seconds: 1.23456, confidence: 1.0000000000000002 };
  analysis.quality = { ...ANALYSIS.quality, snr: 31.049, speech: -1e-17, clipped: 0.0000149 };
  analysis.probabilities = { sad: 0.123449 };
  expect(tidied(analysis)).toEqual({
    ...ANALYSIS,
    ...{ seconds: 1.235, confidence: 1, probabilities: { sad: 0.1234 } },
    quality: { ...ANALYSIS.quality, snr: 31, speech: 0, clipped: 0.00001 },
  });
  expect(tidied({ ...ANALYSIS, probabilities: null }).probabilities).toBeNull();
});
