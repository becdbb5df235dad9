// The runs: how far each is, what it scored, and what can be done with it. Knows the routes that stop and use one.
import { useState } from "react";
import { api } from "../../api/client.ts";
import { sentenceOf } from "../../api/problem.ts";
import type { Run } from "../../api/types.ts";
import { Button, Dialog, toast } from "../../parts/index.ts";
import { hrefTo } from "../../router.ts";
import { loadService } from "../../shell/service.ts";
import { formatCount, formatDuration, formatPercent, formatTime } from "../../strings/format.ts";
import { train as words } from "../../strings/train.ts";
import { Swatch } from "./looks.tsx";
import styles from "./train.module.css";

/** By this name, it is not taken for a hook of React's. */
const { useRun: takeResult } = api;

export type Drawn = {
  /** Look of each run that is drawn, by its id. */
  looks: ReadonlyMap<string, number>;
  isFull: boolean;
  show(id: string, isShown: boolean): void;
};

export function RunsTable({
  runs,
  drawn,
  onChanged,
}: {
  runs: readonly Run[];
  drawn: Drawn;
  onChanged: (run: Run) => void;
}) {
  const [stopping, setStopping] = useState<Run | null>(null);
  const [busy, setBusy] = useState<string | null>(null);

  async function act(run: Run, action: () => Promise<string>) {
    setBusy(run.id);
    try {
      toast(await action());
    } catch (error) {
      toast(sentenceOf(error), { kind: "error" });
    } finally {
      setBusy(null);
    }
  }
  const stop = (run: Run) =>
    act(run, async () => {
      setStopping(null);
      onChanged(await api.stopRun(run.id));
      return words.stopped(nameOf(run));
    });
  const take = (run: Run) =>
    act(run, async () => {
      const model = await takeResult(run.id);
      onChanged({ ...run, model: model.name });
      await loadService();
      return words.taken(model.name);
    });

  return (
    <>
      <table className={styles.runs}>
        <caption>{words.runsHint}</caption>
        <thead>
          <tr>
            {(["show", "run", "state", "best", "score", "actions"] as const).map((column) => (
              <th key={column} scope="col">
                {words.columns[column]}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {runs.map((run) => (
            <tr key={run.id}>
              <td className={styles.show}>
                <input
                  type="checkbox"
                  checked={drawn.looks.has(run.id)}
                  disabled={drawn.isFull && !drawn.looks.has(run.id)}
                  aria-label={words.show(nameOf(run))}
                  onChange={(event) => drawn.show(run.id, event.target.checked)}
                />
                {drawn.looks.has(run.id) && <Swatch look={drawn.looks.get(run.id)!} />}
              </td>
              <th scope="row" className={styles.run}>
                {nameOf(run)}
                <small>{formatTime(run.created)}</small>
              </th>
              <td className={styles.state}>
                <State run={run} />
              </td>
              <td className={styles.best} data-label={words.columns.best}>
                {bestOf(run)}
              </td>
              <td className={styles.score} data-label={words.columns.score}>
                {run.score ? formatPercent(run.score.uar) : "–"}
              </td>
              <td className={styles.actions}>
                {run.state === "running" && (
                  <Button
                    small
                    busy={busy === run.id}
                    aria-label={words.stopOf(nameOf(run))}
                    onClick={() => setStopping(run)}
                  >
                    {words.stop}
                  </Button>
                )}
                {run.model !== null && <a href={hrefTo(["models", run.model])}>{words.inUse(run.model)}</a>}
                {isUsable(run) && (
                  <Button
                    small
                    busy={busy === run.id}
                    aria-label={words.takeOf(nameOf(run))}
                    onClick={() => void take(run)}
                  >
                    {words.take}
                  </Button>
                )}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      <Dialog
        open={stopping !== null}
        onClose={() => setStopping(null)}
        title={words.stopTitle}
        actions={
          <Button variant="danger" onClick={() => stopping && void stop(stopping)}>
            {words.stopYes}
          </Button>
        }
      >
        <p>{words.stopText}</p>
      </Dialog>
    </>
  );
}

function State({ run: { state, history, epochs, secondsLeft, clipsPerSecond, error } }: { run: Run }) {
  const isRunning = state === "running";
  const details = [
    words.epochOf(history.length, epochs),
    isRunning && secondsLeft !== null && words.left(formatDuration(secondsLeft)),
    isRunning && clipsPerSecond !== null && words.speed(formatCount(clipsPerSecond)),
  ].filter(Boolean);
  return (
    <>
      <span className={styles.word} data-state={state}>
        {words.states[state]}
      </span>
      {isRunning && (
        <progress
          className={styles.progress}
          max={epochs}
          value={history.length}
          aria-label={words.columns.epoch}
        />
      )}
      <small>{error ?? details.join(" · ")}</small>
    </>
  );
}

function bestOf({ history }: Run): string {
  const best = history.findLast(({ best }) => best);
  return best ? formatPercent(best.validationAccuracy) : "–";
}

function isUsable({ state, history, model }: Run): boolean {
  return model === null && (state === "done" || state === "stopped") && history.length > 0;
}

export function nameOf({ recipe, seed }: Run): string {
  return words.runName(recipe, seed);
}
