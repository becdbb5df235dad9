// Light, dark, or as the system. Knows the root element and where the choice is kept.
import { createStore } from "../api/store.ts";

export const THEMES = ["system", "light", "dark"] as const;
export type Theme = (typeof THEMES)[number];

const KEY = "undertone.theme";

function kept(): Theme {
  try {
    return THEMES.find((theme) => theme === localStorage.getItem(KEY)) ?? "system";
  } catch {
    return "system"; // storage is switched off
  }
}

export const theme = createStore<Theme>(kept());

function apply(): void {
  const choice = theme.get();
  if (choice === "system") delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = choice;
}

theme.subscribe(() => {
  apply();
  try {
    localStorage.setItem(KEY, theme.get());
  } catch {
    // It holds for as long as the page is open.
  }
});

/** Called once, before anything is drawn. */
export function applyTheme(): void {
  apply();
}

const dark = matchMedia("(prefers-color-scheme: dark)");

/** Tells when colours change: pictures drawn on a canvas must be drawn again. */
export function onColours(listener: () => void): () => void {
  const stop = theme.subscribe(listener);
  dark.addEventListener("change", listener);
  return () => {
    stop();
    dark.removeEventListener("change", listener);
  };
}

/** Which colours are seen now: "dark" or "light". */
export function coloursNow(): "dark" | "light" {
  const choice = theme.get();
  if (choice !== "system") return choice;
  return dark.matches ? "dark" : "light";
}
