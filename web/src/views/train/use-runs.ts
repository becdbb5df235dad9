// The runs, kept up to date: an event names a run, and the run is asked for. Knows the API, no looks.
import { useCallback, useRef, useState } from "react";
import { api } from "../../api/client.ts";
import { useEvent } from "../../api/events.ts";
import { useResource } from "../../api/resource.ts";
import type { Run } from "../../api/types.ts";

export type Runs = {
  /** Newest first; undefined until they are here. */
  runs: readonly Run[] | undefined;
  error: Error | undefined;
  reload(): void;
  put(run: Run): void;
};

export function useRuns(): Runs {
  const { data, error, reload } = useResource("runs", (signal) => api.runs(signal));
  /** Newer than the list. */
  const [told, setTold] = useState<ReadonlyMap<string, Run>>(new Map());
  const put = useCallback((run: Run) => setTold((before) => new Map([...before, [run.id, run]])), []);

  // While one answer is on its way, any number of events ask for one more.
  const asking = useRef(new Map<string, "asked" | "again">());
  const ask = useCallback(
    async (id: string) => {
      if (asking.current.has(id)) {
        asking.current.set(id, "again");
        return;
      }
      asking.current.set(id, "asked");
      try {
        put(await api.run(id));
      } catch {
        // The next event, or the next load of the list, brings it.
      }
      const isStale = asking.current.get(id) === "again";
      asking.current.delete(id);
      if (isStale) void ask(id);
    },
    [put],
  );
  useEvent("run", ({ id }) => void ask(id));
  useEvent("resync", () => {
    setTold(new Map());
    reload();
  });

  const all = new Map((data ?? []).map((run) => [run.id, run]));
  for (const [id, run] of told) all.set(id, run);
  const runs = [...all.values()].sort((a, b) => b.created.localeCompare(a.created));
  return { runs: data && runs, error, reload, put };
}
