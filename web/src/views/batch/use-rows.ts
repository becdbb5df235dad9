// The rows of a batch: from this tab's queue while it has one, else from the service, page by page. Knows the API.
import { useCallback, useEffect, useMemo, useRef, useState, useSyncExternalStore } from "react";
import { api } from "../../api/client.ts";
import { useEvent } from "../../api/events.ts";
import type { Recording } from "../../api/types.ts";
import { type BatchRow, rowOfRecording, rowOfUpload } from "./rows.ts";
import type { UploadQueue } from "./upload-queue.ts";

const PAGE = 200;

export type Rows = {
  rows: readonly BatchRow[];
  loading: boolean;
  error: Error | null;
  /** Loads the next page, where there is one. */
  more(): void;
};

export function useQueueRows(queue: UploadQueue): {
  rows: readonly BatchRow[];
  queue: ReturnType<UploadQueue["view"]>;
} {
  const view = useSyncExternalStore(queue.subscribe, queue.view);
  return { rows: useMemo(() => view.uploads.map(rowOfUpload), [view]), queue: view };
}

export function useServiceRows(batch: string): Rows {
  const [items, setItems] = useState<readonly Recording[]>([]);
  const [turn, setTurn] = useState(0);
  const [loading, setLoading] = useState(true);
  const [error, setError] = useState<Error | null>(null);
  /** Cursor of the next page; null: that was the last. */
  const next = useRef<string | null>(null);
  const abort = useRef(new AbortController());

  const load = useCallback(
    async (cursor: string | null) => {
      const { signal } = abort.current;
      setLoading(true);
      try {
        const page = await api.recordings({ batch, limit: PAGE, ...(cursor && { cursor }) }, signal);
        if (signal.aborted) return;
        next.current = page.next;
        setItems((before) => (cursor ? withoutTwins([...before, ...page.items]) : page.items));
        setError(null);
        setLoading(false);
      } catch (cause) {
        if (signal.aborted) return;
        setError(cause as Error);
        setLoading(false);
      }
    },
    [batch],
  );

  // biome-ignore lint/correctness/useExhaustiveDependencies: `turn` asks again
  useEffect(() => {
    abort.current = new AbortController();
    void load(null);
    return () => abort.current.abort();
  }, [load, turn]);

  useEvent("recording", (recording) => {
    if (recording.batch !== batch) return;
    setItems((before) => {
      const isKnown = before.some(({ id }) => id === recording.id);
      return isKnown
        ? before.map((item) => (item.id === recording.id ? recording : item))
        : [recording, ...before];
    });
  });
  useEvent("removed", ({ id }) => setItems((before) => before.filter((item) => item.id !== id)));
  useEvent("resync", () => setTurn((n) => n + 1));

  const more = useCallback(() => {
    if (error) void load(next.current);
    else if (next.current !== null && !loading) void load(next.current);
  }, [load, loading, error]);
  return { rows: useMemo(() => items.map(rowOfRecording), [items]), loading, error, more };
}

/** A recording that came meanwhile moves the pages by one. */
function withoutTwins(items: readonly Recording[]): Recording[] {
  return [...new Map(items.map((item) => [item.id, item])).values()];
}
