// Identifiers that sort by the time they were made. Pure but for the clock and the random numbers.
import { randomBytes } from "node:crypto";

let last = 0;
let count = 0;

/**
 * A UUID of version 7 (RFC 9562, section 5.7): milliseconds, a counter for those of the same one (section 6.2,
 * method 1), and 62 random bits. Later ones of a process are greater, also where the clock is set back.
 */
export function newId(now = Date.now()): string {
  if (now > last) [last, count] = [now, 0];
  else if (++count > 0xfff) [last, count] = [last + 1, 0];
  const bytes = randomBytes(16);
  bytes.writeUIntBE(last, 0, 6);
  bytes.writeUInt16BE(0x7000 | count, 6);
  bytes[8] = 0x80 | (bytes[8]! & 0x3f);
  const hex = bytes.toString("hex");
  return [8, 12, 16, 20, 32].map((end, i) => hex.slice([0, 8, 12, 16, 20][i], end)).join("-");
}
