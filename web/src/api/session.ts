// Whether the service wants a token from this page. Knows the flag only; the form is the shell's.
import { createStore } from "./store.ts";

export const tokenNeeded = createStore(false);

export function needToken(needed: boolean): void {
  tokenNeeded.set(needed);
}
