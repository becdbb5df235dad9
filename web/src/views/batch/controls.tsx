// Pause, go on, cancel, try again: what can be done with a batch on its way. Knows the queue.
import { Button } from "../../parts/index.ts";
import { batch as words } from "../../strings/batch.ts";
import styles from "./batch.module.css";
import type { QueueView, UploadQueue } from "./upload-queue.ts";

export function Controls({ queue, view }: { queue: UploadQueue; view: QueueView }) {
  const { state, reason, counts } = view;
  const again = counts.failed + counts.cancelled;
  const isStill = state === "paused" || state === "held";
  return (
    <div className={styles.controls}>
      <p role={state === "held" ? "alert" : "status"} className={styles.said} data-state={state}>
        {state === "running" && words.leaving}
        {state === "paused" && words.paused}
        {state === "held" && `${words.held}: ${reason?.message}`}
        {state === "finished" && (counts.cancelled > 0 ? words.cancelled : words.allSent)}
      </p>
      {state !== "finished" && (
        <>
          <Button
            variant={isStill ? "primary" : "plain"}
            onClick={() => (isStill ? queue.resume() : queue.pause())}
          >
            {isStill ? words.resume : words.pause}
          </Button>
          <Button onClick={() => queue.cancel()}>{words.cancel}</Button>
        </>
      )}
      {state === "finished" && again > 0 && (
        <Button variant="primary" onClick={() => queue.retry()}>
          {words.retry(again)}
        </Button>
      )}
    </div>
  );
}
