// Batch's first page: drop files, and the batches that there are. Knows the API's list of batches.
import { useState } from "react";
import { api } from "../../api/client.ts";
import { useEvent } from "../../api/events.ts";
import { useResource } from "../../api/resource.ts";
import { useStore } from "../../api/store.ts";
import type { Batch } from "../../api/types.ts";
import { Card, EmptyState, ErrorState, Page, SkeletonLines, toast } from "../../parts/index.ts";
import { hrefTo, navigate } from "../../router.ts";
import { service } from "../../shell/service.ts";
import { batch as words } from "../../strings/batch.ts";
import { formatBytes, formatCount, formatTime } from "../../strings/format.ts";
import { answeringModel } from "../analyse/answering.ts";
import styles from "./batch.module.css";
import { DropZone } from "./drop-zone.tsx";
import { startBatch } from "./running.ts";

export function Start() {
  const limits = useStore(service)?.limits;
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<Error | null>(null);

  async function begin(files: File[]) {
    setBusy(true);
    setError(null);
    try {
      const { batch, leftOut } = await startBatch(files, limits, answeringModel()?.name);
      if (leftOut > 0) toast(words.tooMany(files.length - leftOut, files.length), { kind: "error" });
      navigate(hrefTo(["batch", batch.id]));
    } catch (cause) {
      setError(cause as Error);
    } finally {
      setBusy(false);
    }
  }

  return (
    <Page title={words.title} lead={words.lead}>
      <DropZone
        busy={busy}
        hint={limits ? words.limits(limits.batch, formatBytes(limits.bytes)) : null}
        onFiles={(files) => void begin(files)}
      />
      {error && <ErrorState title={words.startFailed} error={error} />}
      <Earlier />
    </Page>
  );
}

function Earlier() {
  const { data, error, loading, reload, set } = useResource("batches", (signal) => api.batches(signal));
  useEvent("batch", (changed) => {
    if (data) set([changed, ...data.filter(({ id }) => id !== changed.id)].sort(newestFirst));
  });
  useEvent("resync", reload);
  return (
    <Card title={words.earlier}>
      {error && <ErrorState title={words.listFailed} error={error} retry={reload} />}
      {!data && loading && <SkeletonLines lines={4} height="2.5rem" />}
      {data?.length === 0 && <EmptyState title={words.noneEarlier}>{words.noneEarlierText}</EmptyState>}
      {data && data.length > 0 && (
        <ul className={styles.batches}>
          {data.map((batch) => (
            <li key={batch.id}>
              <a href={hrefTo(["batch", batch.id])}>{batch.name}</a>
              <span>{formatTime(batch.created)}</span>
              <span>{words.handled(batch.counts.done + batch.counts.failed, batch.counts.total)}</span>
              <span>{batch.counts.failed > 0 && words.failedOf(formatCount(batch.counts.failed))}</span>
            </li>
          ))}
        </ul>
      )}
    </Card>
  );
}

function newestFirst(a: Batch, b: Batch): number {
  return b.created.localeCompare(a.created);
}
