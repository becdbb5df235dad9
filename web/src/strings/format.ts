// Numbers, times and counts as people read them in the page's language. Pure.

/** The language of the page's words; numbers and dates follow it. */
export const LANGUAGE = "en";

const whole = new Intl.NumberFormat(LANGUAGE, { maximumFractionDigits: 0 });
const oneDigit = new Intl.NumberFormat(LANGUAGE, { maximumFractionDigits: 1 });
const plural = new Intl.PluralRules(LANGUAGE);
const dateTime = new Intl.DateTimeFormat(LANGUAGE, { dateStyle: "medium", timeStyle: "short" });
const day = new Intl.DateTimeFormat(LANGUAGE, { dateStyle: "medium" });

/** 1234.5 -> "1,235" */
export function formatCount(value: number): string {
  return whole.format(value);
}

/** `formatNumber(12.34)` -> "12.3" */
export function formatNumber(value: number): string {
  return oneDigit.format(value);
}

/** 0.812 -> "81 %" */
export function formatPercent(share: number): string {
  return `${whole.format(share * 100)} %`;
}

/** How likely a model holds something. It is never sure, nor is anything impossible: 1 -> ">99 %", 0.002 -> "<1 %". */
export function formatProbability(share: number): string {
  if (share > 0.99) return ">99 %";
  if (share < 0.01) return "<1 %";
  return formatPercent(share);
}

/** A place in a recording or how long it is: 0.83 -> "0:00.8", 65 -> "1:05", 3725 -> "1:02:05". */
export function formatSeconds(seconds: number): string {
  const tenths = Math.round(seconds * 10) / 10;
  if (tenths < 10) return `0:0${tenths.toFixed(1)}`;
  const all = Math.round(seconds);
  const two = (n: number) => String(n).padStart(2, "0");
  const hours = Math.floor(all / 3600);
  const minutes = Math.floor(all / 60) % 60;
  return hours > 0 ? `${hours}:${two(minutes)}:${two(all % 60)}` : `${minutes}:${two(all % 60)}`;
}

/** How long something takes, in words: 4 -> "4 s", 150 -> "3 min", 9000 -> "2.5 h". */
export function formatDuration(seconds: number): string {
  if (seconds < 10) return `${oneDigit.format(seconds)} s`;
  if (seconds < 90) return `${whole.format(seconds)} s`;
  if (seconds < 5400) return `${whole.format(seconds / 60)} min`;
  return `${oneDigit.format(seconds / 3600)} h`;
}

/** 96044 -> "96 kB" (units of 1,000). */
export function formatBytes(bytes: number): string {
  const units = ["B", "kB", "MB", "GB", "TB"];
  let value = bytes;
  let unit = 0;
  while (value >= 999.5 && unit < units.length - 1) {
    value /= 1000;
    unit++;
  }
  return `${value < 10 && unit > 0 ? oneDigit.format(value) : whole.format(value)} ${units[unit]}`;
}

/** An ISO time in the person's time zone. */
export function formatTime(iso: string): string {
  return dateTime.format(new Date(iso));
}

export function formatDay(iso: string): string {
  return day.format(new Date(iso));
}

/** `count(2, "file", "files")` -> "2 files" */
export function count(n: number, one: string, many: string): string {
  return `${whole.format(n)} ${plural.select(n) === "one" ? one : many}`;
}

/** A list in words: "a, b and c". */
export function listOf(words: readonly string[]): string {
  return new Intl.ListFormat(LANGUAGE).format(words);
}

/** A language tag as its name: "de" -> "German"; an unknown one as it is. */
export function languageName(tag: string): string {
  try {
    return new Intl.DisplayNames(LANGUAGE, { type: "language" }).of(tag) ?? tag;
  } catch {
    return tag;
  }
}
