// Saves a person's labels of a recording one after the other: what was chosen last is what stays. Knows the API, no looks.
import { api } from "../../api/client.ts";
import type { Recording } from "../../api/types.ts";

/** By id: settles when the newest label on its way has been answered. */
const newest = new Map<string, Promise<void>>();

/** @param label null takes the correction back */
export function saveLabel(id: string, label: string | null): Promise<Recording> {
  const before = newest.get(id) ?? Promise.resolve();
  const saving = before.then(() => api.patch(id, { label }));
  const answered: Promise<void> = saving
    .then(() => undefined)
    .catch(() => undefined)
    .then(() => {
      if (newest.get(id) === answered) newest.delete(id);
    });
  newest.set(id, answered);
  return saving;
}
