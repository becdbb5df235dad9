// What a person may throw at it: each bad file gets an error that names it and says what to do.

import { spawnSync } from "node:child_process";
import { chmod, mkdir, mkdtemp, open, readFile, rm, stat, truncate, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { hasFfmpeg } from "./ffmpeg-command.node.ts";
import { AudioError, closeDecoders, decodeFile, openAudio } from "./index.node.ts";
import { explainOpenError } from "./open.node.ts";
import { noise, raw, tone, wav } from "./test-sounds.ts";

const fixtures = fileURLToPath(new URL("../../test/audio/", import.meta.url));
const hasNodeAv = (() => {
  try {
    return Boolean(createRequire(import.meta.url).resolve("node-av/lib"));
  } catch {
    return false;
  }
})();
const needsNodeAv = hasNodeAv ? "" : " (not run: node-av is not installed)";

let place = "";
beforeAll(async () => {
  place = await mkdtemp(join(tmpdir(), "undertone-bad-"));
});
afterAll(async () => {
  await closeDecoders();
  await rm(place, { recursive: true, force: true });
});

async function file(name: string, content: string | Uint8Array): Promise<string> {
  const path = join(place, name);
  await writeFile(path, content);
  return path;
}

async function failure(path: string): Promise<AudioError> {
  const error = await decodeFile(path).then(
    () => undefined,
    (reason) => reason,
  );
  expect(error).toBeInstanceOf(AudioError);
  // The file by name, and a sentence after it that says what to do.
  expect(error.message).toContain(JSON.stringify(path));
  expect(error.message).toMatch(/\. .*\b(Check|Copy|Cut|Play|Record|Export|Name|Change|Install|convert)\b/);
  return error;
}

const s16 = (samples: Float32Array) => raw(Int16Array.from(samples, (x) => Math.round(x * 32767)));

describe("files that hold no sound", () => {
  test("empty", async () => {
    expect((await failure(await file("empty.mp3", ""))).code).toBe("empty-audio");
  });

  test("a header and nothing behind it", async () => {
    const path = await file("head.wav", wav(new Uint8Array(0), { promised: 4_000_000_000 }));
    expect((await failure(path)).code).toBe("empty-audio");
  });

  test("missing, also as part of a path, also with odd letters", async () => {
    expect((await failure(join(place, "gone.wav"))).code).toBe("not-found");
    expect((await failure(join(place, 'say "no"\n.wav'))).code).toBe("not-found");
    expect((await failure(join(await file("flat.wav", "x"), "deeper.wav"))).code).toBe("not-found");
  });

  test("a folder", async () => {
    const path = join(place, "folder.wav");
    await mkdir(path);
    expect((await failure(path)).code).toBe("unreadable-audio");
  });

  test("a named pipe does not hang", async () => {
    const path = join(place, "pipe.wav");
    if (spawnSync("mkfifo", [path]).status === 0) expect((await failure(path)).code).toBe("unreadable-audio");
  });

  test("no permission", async () => {
    const refused = explainOpenError("/x.wav", Object.assign(new Error("EACCES"), { code: "EACCES" }));
    expect(refused).toMatchObject({ code: "unreadable-audio", message: expect.stringContaining("chmod") });
    const path = await file("locked.wav", wav(s16(tone(440, 16000, 0.1))));
    await chmod(path, 0);
    // The administrator may read everything.
    if (process.getuid?.() !== 0) expect((await failure(path)).code).toBe("unreadable-audio");
  });

  test.skipIf(!hasNodeAv).each(["wav", "mp3", "flac", "ogg", "m4a", "aac", "amr", "txt"])(
    `text renamed .%s${needsNodeAv}`,
    async (kind) => {
      const path = await file(`text.${kind}`, "This is a letter, not a sound. ".repeat(500));
      expect((await failure(path)).code).toBe("unreadable-audio");
    },
  );

  test.skipIf(!hasNodeAv)(`noise bytes, of several names${needsNodeAv}`, async () => {
    const junk = Uint8Array.from(noise(50_000, 11), (x) => (x + 1) * 127);
    for (const kind of ["wav", "mp3", "mp4", "webm", "opus"]) {
      expect((await failure(await file(`junk.${kind}`, junk))).code).toBe("unreadable-audio");
    }
  });

  test.skipIf(!hasNodeAv)(`a film without sound${needsNodeAv}`, async () => {
    const error = await failure(await file("mute.mp4", await readFile(join(fixtures, "silent-film.mp4"))));
    expect([error.code, error.message]).toEqual([
      "unreadable-audio",
      expect.stringContaining("no audio track"),
    ]);
  });

  test.skipIf(!hasNodeAv)(`a playlist that names another file is not followed${needsNodeAv}`, async () => {
    const list = `#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\n${join(fixtures, "aac.m4a")}\n#EXT-X-ENDLIST\n`;
    expect((await failure(await file("list.m3u8", list))).code).toBe("unreadable-audio");
    const script = `ffconcat version 1.0\nfile ${join(fixtures, "mono.flac")}\n`;
    expect((await failure(await file("list.ffconcat", script))).code).toBe("unreadable-audio");
  });

  test("nothing but NaN", async () => {
    const data = raw(new Float32Array(8000).fill(Number.NaN));
    expect((await failure(await file("nan.wav", wav(data, { tag: 3, bits: 32 })))).code).toBe(
      "unreadable-audio",
    );
  });
});

describe("files that hold some", () => {
  const ready = hasNodeAv && hasFfmpeg();
  test.skipIf(!ready).each(["a.flac", "a.mp3", "a.opus", "a.ogg", "a.webm", "a.aiff", "a.wav"])(
    `truncated: what is there of %s is read${ready ? "" : " (not run: needs node-av, and ffmpeg to make the file)"}`,
    async (name) => {
      const path = join(place, name);
      const sound = ["-f", "lavfi", "-i", "anoisesrc=duration=4:sample_rate=48000:amplitude=0.3"];
      expect(spawnSync("ffmpeg", ["-v", "error", "-y", ...sound, path]).status).toBe(0);
      const whole = await decodeFile(path);
      await truncate(path, Math.round((await stat(path)).size * 0.6));
      const part = await decodeFile(path);
      expect(part.length).toBeGreaterThan(0.35 * whole.length);
      expect(part.length).toBeLessThan(0.75 * whole.length);
      const sure = part.length - 4000; // The cut goes through a frame.
      expect(part.subarray(0, sure)).toEqual(whole.subarray(0, sure));
    },
  );

  test.skipIf(!hasNodeAv)(`an M4A that lost its index is named${needsNodeAv}`, async () => {
    const whole = await readFile(join(fixtures, "aac.m4a"));
    const path = await file("cut.m4a", whole.subarray(0, Math.round(whole.length * 0.5)));
    expect((await failure(path)).code).toBe("unreadable-audio");
  });

  test("a header that promises 4 GB over a tenth of a second", async () => {
    const data = s16(tone(440, 16000, 0.1));
    const path = await file("boast.wav", wav(data, { promised: 4_294_967_294 }));
    expect((await decodeFile(path)).length).toBe(1600);
  });

  test("0.05 s", async () => {
    expect((await decodeFile(await file("short.wav", wav(s16(tone(440, 16000, 0.05)))))).length).toBe(800);
  });

  test("some NaN: counted", async () => {
    const samples = tone(440, 16000, 0.2);
    samples.fill(Number.NaN, 100, 110);
    const stream = await openAudio(await file("some.wav", wav(raw(samples), { tag: 3, bits: 32 })));
    for await (const block of stream) expect(block.every(Number.isFinite)).toBe(true);
    expect(stream.nonFinite).toBe(10);
  });

  test("a file that vanishes while it is read is read to its end", async () => {
    const path = await file("vanishing.wav", wav(s16(noise(16000 * 60))));
    let samples = 0;
    for await (const block of await openAudio(path)) {
      if (samples === 0) await rm(path);
      samples += block.length;
    }
    expect(samples).toBe(16000 * 60);
  });

  test("a file that is cut short while it is read ends there", async () => {
    const path = await file("shrinking.wav", wav(s16(noise(16000 * 60))));
    let samples = 0;
    for await (const block of await openAudio(path)) {
      if (samples === 0) await truncate(path, 44 + 2 * 16000 * 20);
      samples += block.length;
    }
    expect(samples).toBe(16000 * 20);
  });

  test("12 hours pass through, and memory stays flat", { timeout: 300_000 }, async () => {
    const path = join(place, "long.wav");
    const length = 12 * 3600 * 16000;
    await writeFile(path, wav(new Uint8Array(0), { promised: 2 * length }));
    const handle = await open(path, "r+");
    await handle.truncate(44 + 2 * length); // A hole: no disk is used.
    await handle.close();
    const before = process.memoryUsage.rss();
    let [samples, most] = [0, 0];
    for await (const block of await openAudio(path)) {
      samples += block.length;
      most = Math.max(most, process.memoryUsage.rss());
    }
    expect(samples).toBe(length);
    expect((most - before) / 1e6).toBeLessThan(120);
  });
});

describe("limits that the caller sets", () => {
  test("more than maxSeconds is too long", async () => {
    const path = await file("long-enough.wav", wav(s16(noise(16000 * 5))));
    await expect(decodeFile(path, { maxSeconds: 4 })).rejects.toMatchObject({
      code: "too-long",
      message: expect.stringContaining("4 s"),
    });
    expect((await decodeFile(path, { maxSeconds: 5 })).length).toBe(80_000);
  });

  test("a signal ends it with the signal's reason", async () => {
    const path = await file("stopped.wav", wav(s16(noise(16000 * 30))));
    const stop = new AbortController();
    const reading = (async () => {
      for await (const _ of await openAudio(path, { signal: stop.signal })) stop.abort(new Error("enough"));
    })();
    await expect(reading).rejects.toThrow("enough");
    await expect(openAudio(path, { signal: AbortSignal.abort(new Error("before")) })).rejects.toThrow(
      "before",
    );
  });

  test("a decoder that does not exist is named", async () => {
    process.env.UNDERTONE_DECODER = "tape";
    try {
      await expect(decodeFile(join(fixtures, "mono.flac"))).rejects.toThrow('"tape"');
    } finally {
      delete process.env.UNDERTONE_DECODER;
    }
  });

  test.skipIf(!hasNodeAv)(`a program that ends does not wait for idle decoders${needsNodeAv}`, () => {
    const door = new URL("./index.node.ts", import.meta.url).href;
    const script = `const { decodeFile } = await import(${JSON.stringify(door)});
      console.log((await decodeFile(${JSON.stringify(join(fixtures, "mono.flac"))})).length);`;
    const run = spawnSync(process.execPath, ["--input-type=module", "-e", script], { timeout: 20_000 });
    expect([run.status, run.stdout.toString().trim()]).toEqual([0, "4800"]);
  });
});
