// Which model answers: the one the person chose, if the service has it, else the service's own default. Knows both stores.
import { useStore } from "../../api/store.ts";
import type { ModelSummary } from "../../api/types.ts";
import { models } from "../../shell/service.ts";
import { chosenModel } from "../models/choice.ts";

function among(all: readonly ModelSummary[] | null, chosen: string | null): ModelSummary | undefined {
  return all?.find(({ name }) => name === chosen) ?? all?.find(({ isDefault }) => isDefault);
}

/** Undefined while the models are not known yet: the service then takes its default. */
export function answeringModel(): ModelSummary | undefined {
  return among(models.get(), chosenModel.get());
}

export function useAnsweringModel(): ModelSummary | undefined {
  return among(useStore(models), useStore(chosenModel));
}
