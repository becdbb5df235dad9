// The batches that this tab is sending; they go on when the person looks elsewhere. Knows the service, no React.
import { api } from "../../api/client.ts";
import { onEvent } from "../../api/events.ts";
import { createStore } from "../../api/store.ts";
import type { Batch, Service } from "../../api/types.ts";
import { upload } from "../../api/upload.ts";
import { batch as words } from "../../strings/batch.ts";
import { formatBytes, formatTime } from "../../strings/format.ts";
import { UploadQueue } from "./upload-queue.ts";

/** By id of the batch. A queue stays until the page is closed: its rows know what was never sent. */
export const running = createStore<ReadonlyMap<string, UploadQueue>>(new Map());

/** Where the service has not said yet how much it takes, it will refuse what is too much. */
const NO_LIMIT = Number.POSITIVE_INFINITY;
const PAGE = 200;

export type Started = { batch: Batch; leftOut: number };

/**
 * Makes a batch and begins to send.
 *
 * @param model name of the model to answer, where one is chosen
 * @returns the batch, and how many files were over the service's limit and stay behind
 * @throws ServiceError where the batch could not be made
 */
export async function startBatch(
  files: readonly File[],
  limits: Service["limits"] | undefined,
  model: string | undefined,
): Promise<Started> {
  const taken = files.slice(0, limits?.batch ?? NO_LIMIT);
  const batch = await api.createBatch(words.name(formatTime(new Date().toISOString()), taken.length));
  const largest = limits?.bytes ?? NO_LIMIT;
  const queue = new UploadQueue(
    taken.map((file) => ({ file, name: file.webkitRelativePath || file.name })),
    {
      async send(file, onProgress, signal) {
        // Said here, it costs no upload of a gigabyte.
        if (file.size > largest)
          throw { status: 413, code: "too-large", message: words.tooLarge(formatBytes(largest)) };
        const options = { batch: batch.id, onProgress, signal, ...(model && { model }) };
        return upload(file, options);
      },
    },
  );
  running.set((before) => new Map([...before, [batch.id, queue]]));
  queue.start();
  return { batch, leftOut: files.length - taken.length };
}

/** Stops what is being sent and forgets it: its batch is deleted. */
export function dropQueue(id: string): void {
  running.get().get(id)?.cancel();
  running.set((before) => new Map([...before].filter(([key]) => key !== id)));
}

onEvent("recording", (recording) => {
  if (recording.batch) running.get().get(recording.batch)?.tell(recording);
});

onEvent("removed", ({ id }) => {
  for (const queue of running.get().values()) queue.forget(id);
});

/** Events were missed: everything is asked again. */
onEvent("resync", () => {
  for (const [id, queue] of running.get()) void tellAll(id, queue).catch(() => undefined); // the next resync tries again
});

async function tellAll(batch: string, queue: UploadQueue): Promise<void> {
  let cursor: string | undefined;
  do {
    const page = await api.recordings({ batch, limit: PAGE, ...(cursor && { cursor }) });
    for (const recording of page.items) queue.tell(recording);
    cursor = page.next ?? undefined;
  } while (cursor);
}

/** Whoever closes the tab loses what has not been sent: the browser asks first. */
addEventListener("beforeunload", (event) => {
  for (const queue of running.get().values()) if (queue.view().state !== "finished") event.preventDefault();
});
