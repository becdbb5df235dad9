// One batch: how far it is, its totals, its files, and what can be done with it. Knows the queue and the API.
import { useState } from "react";
import { address, api } from "../../api/client.ts";
import { useEvent } from "../../api/events.ts";
import { ServiceError } from "../../api/problem.ts";
import { useResource } from "../../api/resource.ts";
import { useStore } from "../../api/store.ts";
import type { Batch } from "../../api/types.ts";
import {
  Button,
  ButtonLink,
  EmptyState,
  ErrorState,
  Notice,
  Page,
  SkeletonLines,
  toast,
} from "../../parts/index.ts";
import { hrefTo, navigate } from "../../router.ts";
import { batch as words } from "../../strings/batch.ts";
import { Controls } from "./controls.tsx";
import { DeleteBatch } from "./delete-batch.tsx";
import { Problems } from "./problems.tsx";
import { type Tally, tallyOf } from "./rows.ts";
import { dropQueue, running } from "./running.ts";
import { Summary } from "./summary.tsx";
import { BatchTable } from "./table.tsx";
import type { UploadQueue } from "./upload-queue.ts";
import { useQueueRows, useServiceRows } from "./use-rows.ts";

export function One({ id }: { id: string }) {
  const queue = useStore(running).get(id);
  const [isDoomed, setIsDoomed] = useState(false);
  const { data, error, reload, set } = useResource(id, (signal) => api.batch(id, signal));
  useEvent("batch", (changed) => {
    if (changed.id === id) set(changed);
  });
  useEvent("resync", reload);
  const back = <ButtonLink href={hrefTo(["batch"])}>{words.back}</ButtonLink>;

  async function remove() {
    dropQueue(id);
    await api.removeBatch(id);
    toast(words.deleted);
    navigate(hrefTo(["batch"]), { replace: true });
  }

  if (error && !data) {
    const isGone = error instanceof ServiceError && error.status === 404;
    return (
      <Page title={words.title} actions={back}>
        {isGone ? (
          <EmptyState title={words.gone}>{words.goneText}</EmptyState>
        ) : (
          <ErrorState title={words.oneFailed} error={error} retry={reload} />
        )}
      </Page>
    );
  }
  if (!data) {
    return (
      <Page title={words.title} actions={back}>
        <SkeletonLines lines={8} height="2.5rem" />
      </Page>
    );
  }
  return (
    <Page
      title={data.name}
      actions={
        <>
          {back}
          <ButtonLink href={address.batchCsv(id)} download>
            {words.csv}
          </ButtonLink>
          <Button variant="danger" onClick={() => setIsDoomed(true)}>
            {words.delete}
          </Button>
        </>
      }
    >
      {queue ? <Sending queue={queue} /> : <AsKept batch={data} />}
      <Notice short />
      <DeleteBatch
        recordings={isDoomed ? data.counts.total : null}
        onClose={() => setIsDoomed(false)}
        remove={remove}
      />
    </Page>
  );
}

/** This tab sends it: the queue knows more than the service. */
function Sending({ queue }: { queue: UploadQueue }) {
  const { rows, queue: view } = useQueueRows(queue);
  const tally = tallyOf(rows);
  return (
    <>
      <Controls queue={queue} view={view} />
      <Summary {...tally} />
      <Problems rows={rows} />
      <BatchTable rows={rows} total={rows.length} />
    </>
  );
}

/** Another tab sent it, or this one before it was loaded again: as the service has it. */
function AsKept({ batch }: { batch: Batch }) {
  const { rows, loading, error, more } = useServiceRows(batch.id);
  const { counts } = batch;
  const numbers: Tally = {
    total: counts.total,
    states: { ...counts, waiting: 0, sending: 0, cancelled: 0 },
    emotions: batch.emotions,
  };
  return (
    <>
      <Summary {...numbers} />
      <Problems rows={rows} />
      {rows.length === 0 && loading && <SkeletonLines lines={6} height="3rem" />}
      {rows.length === 0 && !loading && !error && (
        <EmptyState title={words.noFiles}>{words.noFilesText}</EmptyState>
      )}
      {rows.length > 0 && <BatchTable rows={rows} total={counts.total} onNearEnd={more} />}
      {error && <ErrorState title={words.rowsFailed} error={error} retry={more} />}
    </>
  );
}
