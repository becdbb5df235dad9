import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { contentHash, sameContent } from "./content.ts";

/** One Ogg page (RFC 3533) with its payload in segments of at most 255 bytes. */
function page(serial: number, checksum: number, payload: string): Buffer {
  const body = Buffer.from(payload);
  const head = Buffer.alloc(27 + 1);
  head.write("OggS");
  head.writeUInt32LE(serial, 14);
  head.writeUInt32LE(checksum, 22);
  head[26] = 1;
  head[27] = body.length;
  return Buffer.concat([head, body]);
}

test("Ogg: serial numbers and checksums do not count, on every page; the sound does", async () => {
  const dir = await mkdtemp(join(tmpdir(), "undertone-content-"));
  const write = async (name: string, ...pages: Buffer[]) => {
    await writeFile(join(dir, name), Buffer.concat(pages));
    return { path: join(dir, name), size: Buffer.concat(pages).length };
  };
  const a = await write("a", page(1, 11, "head"), page(1, 12, "sound"));
  const b = await write("b", page(2, 21, "head"), page(2, 22, "sound"));
  const c = await write("c", page(1, 11, "head"), page(1, 12, "noise"));
  const cut = await write("cut", page(1, 11, "head"), page(1, 12, "sound").subarray(0, 20));
  expect(await contentHash(a.path, a.size)).toBe(await contentHash(b.path, b.size));
  expect(await sameContent([c, b, a, cut])).toEqual(new Map([[a.path, b.path]]));
  await rm(dir, { recursive: true });
});

test("a file that has gone is equal to none", async () => {
  const gone = (name: string) => ({ path: join(tmpdir(), `undertone-no-such-${name}`), size: 5 });
  expect(await sameContent([gone("a"), gone("b")])).toEqual(new Map());
});
