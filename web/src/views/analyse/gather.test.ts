// Tests of which files are taken.
import { expect, test } from "vitest";
import { maySound, sift } from "./gather.ts";

const file = (name: string, type = "") => ({ name, type });

test.each([
  ["a.wav", "audio/wav", true],
  ["clip.mov", "video/quicktime", true],
  ["voice.OPUS", "", true],
  ["note.amr", "application/octet-stream", true],
  ["stream", "application/ogg", true],
  ["notes.txt", "text/plain", false],
  ["wav", "", false],
])("%s (%s): %s", (name, type, expected) => {
  expect(maySound({ name, type })).toBe(expected);
});

test("of a folder only what may hold sound; a single file as it is meant", () => {
  const [sound, text] = [file("a.mp3"), file("a.txt")];
  expect(sift([sound, text, text])).toEqual({ kept: [sound], leftOut: 2 });
  expect(sift([text])).toEqual({ kept: [text], leftOut: 0 });
  expect(sift([])).toEqual({ kept: [], leftOut: 0 });
});
