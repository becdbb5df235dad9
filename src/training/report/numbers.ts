// Numbers and sentences as people read them, the same in the report, the card page and the progress line. Pure.

/**
 * A share of 0..1 as `99.29 %`. What is not exactly all or nothing is never shown as all or nothing.
 *
 * @param digits after the point
 */
export function percent(share: number, digits = 2): string {
  return `${percentNumber(share, digits)} %`;
}

/** The ends of an interval as `98.39-99.82 %`, with an en dash. */
export function percentRange(low: number, high: number, digits = 2): string {
  return `${percentNumber(low, digits)}–${percentNumber(high, digits)} %`;
}

function percentNumber(share: number, digits: number): string {
  if (!Number.isFinite(share)) return "?";
  const least = 10 ** -digits;
  const shown = share * 100;
  if (share > 0 && share < 1) return Math.min(100 - least, Math.max(least, shown)).toFixed(digits);
  return shown.toFixed(share === 0 || share === 1 ? 0 : digits);
}

/** Four significant digits, no zeros behind: `0.0312`, `1.946`, `1e-7`; `NaN` where it is none. */
export function plain(value: number): string {
  return String(Number(value.toPrecision(4)));
}

/** A whole number with its thousands apart: `2,240`. */
export function count(value: number): string {
  return Math.round(value).toLocaleString("en-US");
}

/** `1 clip`, `2 clips`. */
export function counted(value: number, one: string, many = `${one}s`): string {
  return `${count(value)} ${value === 1 ? one : many}`;
}

/** Seconds as `4.2 s`, `42 s`, `3 min 05 s`, `1 h 02 min`. */
export function duration(seconds: number): string {
  if (!Number.isFinite(seconds)) return "?";
  if (seconds < 9.95) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  const minutes = Math.floor(whole / 60);
  if (minutes < 60) return `${minutes} min ${pad(whole % 60)} s`;
  const all = Math.round(seconds / 60);
  return `${Math.floor(all / 60)} h ${pad(all % 60)} min`;
}

function pad(value: number): string {
  return String(value).padStart(2, "0");
}

/** Words as a sentence: a capital first, one full stop. */
export function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1).replace(/\.$/, "")}.`;
}
