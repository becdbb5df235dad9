// A file as an answer: ranges, validators, nothing read that is not sent (RFC 9110, sections 13 and 14). Knows no resource.
import { open } from "node:fs/promises";
import { Readable } from "node:stream";
import type { FastifyReply, FastifyRequest } from "fastify";
import { Refusal } from "./refusal.ts";

export interface FileAnswer {
  type: string;
  /** Strong validator, without its quotes; default: from size and time. */
  etag?: string;
  /** What the file is called where a person saves it. */
  name?: string;
}

/** First and last byte. */
export interface Range {
  start: number;
  end: number;
}

/**
 * One range of a `Range` header. Several at once, or another unit, may be answered with the whole (RFC 9110, 14.2).
 * @returns null: the whole @throws Refusal 416 where it lies outside
 */
export function rangeOf(header: string | undefined, size: number): Range | null {
  const match = /^bytes=(\d*)-(\d*)$/.exec(header?.trim() ?? "");
  if (!match || (match[1] === "" && match[2] === "")) return null;
  const [first, last] = [match[1]!, match[2]!];
  const start = first === "" ? Math.max(0, size - Number(last)) : Number(first);
  const end = first === "" || last === "" ? size - 1 : Math.min(Number(last), size - 1);
  if (first !== "" && last !== "" && Number(last) < Number(first)) return null;
  if (start >= size || end < start) throw new Refusal(416, "no-such-range", `The file has ${size} bytes.`);
  return { start, end };
}

/** Sets status and headers of a part or of the whole. @returns the bytes to send; null: the client has them */
export function startAnswer(
  request: FastifyRequest,
  reply: FastifyReply,
  size: number,
  { type, etag, name }: FileAnswer,
): Range | null {
  const tag = `"${etag}"`;
  reply.headers({
    "accept-ranges": "bytes",
    etag: tag,
    "cache-control": "private, no-cache",
    // What somebody sent is never run, whatever it says it is.
    "content-security-policy": "default-src 'none'; sandbox",
  });
  if (name !== undefined) reply.header("content-disposition", disposition(name));
  if (listed(request.headers["if-none-match"], tag)) {
    reply.code(304);
    return null;
  }
  const condition = request.headers["if-range"];
  const asked = condition === undefined || condition === tag ? request.headers.range : undefined;
  let range: Range | null;
  try {
    range = rangeOf(asked, size);
  } catch (error) {
    reply.header("content-range", `bytes */${size}`);
    throw error;
  }
  reply.type(type);
  if (range) reply.code(206).header("content-range", `bytes ${range.start}-${range.end}/${size}`);
  const { start, end } = range ?? { start: 0, end: size - 1 };
  reply.header("content-length", end - start + 1);
  return { start, end };
}

/** @throws Refusal 404 where the file is not there */
export async function sendFile(
  request: FastifyRequest,
  reply: FastifyReply,
  path: string,
  answer: FileAnswer,
): Promise<FastifyReply> {
  const file = await open(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return null;
    throw error;
  });
  if (!file) throw new Refusal(404, "no-file", "There is no such file (any more).");
  try {
    const { size, mtimeMs, ino } = await file.stat();
    const etag = answer.etag ?? `${size.toString(36)}-${mtimeMs.toString(36)}-${ino.toString(36)}`;
    const range = startAnswer(request, reply, size, { ...answer, etag });
    if (range && range.end >= range.start && request.method !== "HEAD")
      return reply.send(file.createReadStream({ ...range }));
    await file.close();
    return reply.send(range ? Readable.from([]) : undefined);
  } catch (error) {
    await file.close();
    throw error;
  }
}

function listed(header: string | undefined, tag: string): boolean {
  return (header ?? "").split(",").some((one) => ["*", tag, `W/${tag}`].includes(one.trim()));
}

/** RFC 6266: a plain name for old clients, and the whole one. */
export function disposition(name: string, kind: "inline" | "attachment" = "inline"): string {
  const plain = name.replace(/[^\x20-\x7e]|["\\%]/g, "_");
  const whole = encodeURIComponent(name).replace(/['()*]/g, (c) => `%${c.charCodeAt(0).toString(16)}`);
  return `${kind}; filename="${plain}"; filename*=UTF-8''${whole}`;
}
