// What can be heard at all: the emotions of the models here. Knows the shell's list of models.
import { useMemo } from "react";
import { useStore } from "../../api/store.ts";
import { models } from "../../shell/service.ts";

/** Those of the service's default model stand first, in its order; then what others add. The same list until models change. */
export function useEmotions(): readonly string[] {
  const all = useStore(models);
  return useMemo(() => {
    const sorted = [...(all ?? [])].sort((a, b) => Number(b.isDefault) - Number(a.isDefault));
    return [...new Set(sorted.flatMap(({ emotions }) => emotions))];
  }, [all]);
}
