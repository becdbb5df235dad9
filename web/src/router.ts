// The address after the `#`: read, watched, changed. Knows no views.
import { useSyncExternalStore } from "react";

/** `#/recordings/7?q=a` -> path ["recordings", "7"], query q=a. */
export type Address = { path: readonly string[]; query: URLSearchParams };

/** @param hash with or without its `#` */
export function parseAddress(hash: string): Address {
  const [path = "", query = ""] = hash.replace(/^#?\/?/, "").split("?", 2);
  return { path: path.split("/").filter(Boolean).map(decode), query: new URLSearchParams(query) };
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

/** `hrefTo(["recordings", "7"], { q: "a" })` -> "#/recordings/7?q=a"; empty values are left out. */
export function hrefTo(path: readonly string[], query: Record<string, string | undefined> = {}): string {
  const text = new URLSearchParams(
    Object.entries(query).filter((entry): entry is [string, string] => Boolean(entry[1])),
  ).toString();
  return `#/${path.map(encodeURIComponent).join("/")}${text && `?${text}`}`;
}

/** Goes to an address of `hrefTo`. `replace` leaves no step to go back to: for filters, and what a step led to by itself. */
export function navigate(href: string, { replace = false } = {}): void {
  if (!replace) {
    location.hash = href;
    return;
  }
  history.replaceState(null, "", href);
  dispatchEvent(new HashChangeEvent("hashchange"));
}

function subscribe(listener: () => void): () => void {
  addEventListener("hashchange", listener);
  return () => removeEventListener("hashchange", listener);
}

/** The hash itself, so that it only changes when the address does; give it to `parseAddress`. */
export function useHash(): string {
  return useSyncExternalStore(subscribe, () => location.hash);
}
