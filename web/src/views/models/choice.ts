// Which model answers new recordings of this person: kept in the browser. Knows a name, no models.
import { createStore } from "../../api/store.ts";

const KEY = "undertone.model";

function kept(): string | null {
  try {
    return localStorage.getItem(KEY);
  } catch {
    return null; // storage is switched off
  }
}

/** A model's name; null: the service's default. */
export const chosenModel = createStore<string | null>(kept());

chosenModel.subscribe(() => {
  const name = chosenModel.get();
  try {
    if (name === null) localStorage.removeItem(KEY);
    else localStorage.setItem(KEY, name);
  } catch {
    // It holds for as long as the page is open.
  }
});
