// What the service says of itself, loaded once and shared. Knows its limits and whether it can train.
import { api } from "../api/client.ts";
import { createStore } from "../api/store.ts";
import type { ModelSummary, Service } from "../api/types.ts";

export const service = createStore<Service | null>(null);
export const models = createStore<ModelSummary[] | null>(null);

/** Loads both again; a failure leaves what is known. */
export async function loadService(): Promise<void> {
  const [newService, newModels] = await Promise.allSettled([api.service(), api.models()]);
  if (newService.status === "fulfilled") service.set(newService.value);
  if (newModels.status === "fulfilled") models.set(newModels.value);
}
