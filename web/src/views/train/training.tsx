// Train's page: a form to start, the runs, the curves of those that are chosen, and their results. Puts the parts together.
import { lazy, Suspense, useState } from "react";
import { api } from "../../api/client.ts";
import { useResource } from "../../api/resource.ts";
import type { Run } from "../../api/types.ts";
import { Card, EmptyState, ErrorState, Page, Skeleton, SkeletonLines } from "../../parts/index.ts";
import { train as words } from "../../strings/train.ts";
import { Numbers } from "./numbers.tsx";
import { Result } from "./result.tsx";
import { type Drawn, RunsTable } from "./runs-table.tsx";
import { StartForm } from "./start-form.tsx";
import styles from "./train.module.css";
import { useRuns } from "./use-runs.ts";

/** The plotting library is only fetched where there is something to plot. */
const Curves = lazy(async () => ({ default: (await import("./curves.tsx")).Curves }));

/** More lines than this cannot be told apart. */
const MOST_DRAWN = 6;

export function Training() {
  const training = useResource("training", (signal) => api.training(signal));
  const { runs, error, reload, put } = useRuns();
  const drawn = useDrawn(runs);
  const shown = (runs ?? []).filter(({ id }) => drawn.looks.has(id));
  return (
    <Page title={words.title} lead={words.lead}>
      {training.error && <ErrorState title={words.failed} error={training.error} retry={training.reload} />}
      <div className={styles.top}>
        <Card title={words.start}>
          {training.data ? (
            <StartForm
              training={training.data}
              onStarted={(run) => {
                put(run);
                drawn.show(run.id, true);
              }}
            />
          ) : (
            !training.error && <SkeletonLines lines={5} height="2.75rem" />
          )}
        </Card>
        <Card title={words.data}>
          {training.data?.corpora.length === 0 && <p>{words.noData}</p>}
          {training.data ? (
            <ul className={styles.corpora}>
              {training.data.corpora.map(({ name, clips, speakers }) => (
                <li key={name}>{words.corpora(name, clips, speakers)}</li>
              ))}
            </ul>
          ) : (
            <SkeletonLines lines={2} />
          )}
        </Card>
      </div>
      <Card title={words.runs}>
        {error && <ErrorState title={words.runsFailed} error={error} retry={reload} />}
        {!runs && !error && <SkeletonLines lines={4} height="3rem" />}
        {runs?.length === 0 && <EmptyState title={words.noRuns}>{words.noRunsText}</EmptyState>}
        {runs && runs.length > 0 && <RunsTable runs={runs} drawn={drawn} onChanged={put} />}
      </Card>
      {runs && runs.length > 0 && (
        <Card title={words.curves}>
          <Suspense fallback={<Skeleton height="24rem" />}>
            <Curves runs={shown} looks={drawn.looks} />
          </Suspense>
          {shown.map((run) => (
            <Numbers key={run.id} run={run} />
          ))}
        </Card>
      )}
      {shown.map((run) => run.score && <Result key={run.id} run={run} />)}
    </Page>
  );
}

/** Which runs are drawn, and how each looks: a look stays with its run, so that nothing changes colour. */
function useDrawn(runs: readonly Run[] | undefined): Drawn {
  const [chosen, setChosen] = useState<ReadonlyMap<string, number> | null>(null);
  const newest = runs?.[0]?.id;
  const looks = chosen ?? new Map(newest === undefined ? [] : [[newest, 0]]);
  return {
    looks,
    isFull: looks.size >= MOST_DRAWN,
    show(id, isShown) {
      setChosen((before) => {
        const next = new Map(before ?? looks);
        if (!isShown) next.delete(id);
        else if (!next.has(id)) {
          // The oldest choice makes room for a run that was just started.
          if (next.size >= MOST_DRAWN) next.delete(next.keys().next().value!);
          const taken = new Set(next.values());
          const free = Array.from({ length: MOST_DRAWN }, (_, i) => i).find((look) => !taken.has(look));
          next.set(id, free ?? 0);
        }
        return next;
      });
    },
  };
}
