// The recordings that fit a filter, loaded page by page and kept up to date by events. Knows the API, no looks.
import { useCallback, useEffect, useMemo, useReducer, useRef, useState } from "react";
import { api } from "../../api/client.ts";
import { useEvent } from "../../api/events.ts";
import type { Recording } from "../../api/types.ts";
import { changeRecordings, noRecordings, type Recordings, shownOf, type Wish } from "./recordings.ts";

export type Filter = { q?: string; emotion?: string; from?: string; to?: string };

const PAGE = 50;

export type RecordingList = {
  list: Recordings;
  /** The first page of a filter, and a next page, wait and fail apart from each other. */
  loading: boolean;
  error: Error | null;
  loadingMore: boolean;
  moreError: Error | null;
  reload(): void;
  more(): void;
  put(recording: Recording): void;
  drop(id: string): void;
  wish(id: string, wish: Wish): void;
  settle(id: string, wish: Wish): void;
};

/** @param filter what is asked of the service; the list before stays until the next is here */
export function useRecordings(filter: Filter): RecordingList {
  const [known, change] = useReducer(changeRecordings, noRecordings);
  const list = useMemo(() => ({ ...known, items: shownOf(known) }), [known]);
  const [turn, setTurn] = useState(0);
  const [loading, setLoading] = useState(true);
  const [error, setError] = useState<Error | null>(null);
  const [loadingMore, setLoadingMore] = useState(false);
  const [moreError, setMoreError] = useState<Error | null>(null);
  const key = JSON.stringify(filter);
  /** Of the filter that is shown: a page of another one that comes late is dropped. */
  const abort = useRef(new AbortController());

  // biome-ignore lint/correctness/useExhaustiveDependencies: `key` is the filter; `turn` asks again
  useEffect(() => {
    const mine = new AbortController();
    abort.current = mine;
    setLoading(true);
    setLoadingMore(false);
    setMoreError(null);
    api.recordings({ ...filter, limit: PAGE }, mine.signal).then(
      (page) => {
        if (mine.signal.aborted) return;
        change({ type: "loaded", page });
        setError(null);
        setLoading(false);
      },
      (cause: Error) => {
        if (mine.signal.aborted) return;
        setError(cause);
        setLoading(false);
      },
    );
    return () => mine.abort();
  }, [key, turn]);

  const put = useCallback((recording: Recording) => change({ type: "changed", recording }), []);
  const drop = useCallback((id: string) => change({ type: "removed", id }), []);
  const wish = useCallback((id: string, wish: Wish) => change({ type: "wished", id, wish }), []);
  const settle = useCallback((id: string, wish: Wish) => change({ type: "settled", id, wish }), []);
  const reload = useCallback(() => setTurn((n) => n + 1), []);
  useEvent("recording", put);
  useEvent("removed", ({ id }) => drop(id));
  useEvent("resync", reload);

  async function more() {
    if (list.next === null || loadingMore || loading) return;
    const { signal } = abort.current;
    setLoadingMore(true);
    setMoreError(null);
    try {
      const page = await api.recordings({ ...filter, limit: PAGE, cursor: list.next }, signal);
      if (!signal.aborted) change({ type: "more", page });
    } catch (cause) {
      if (!signal.aborted) setMoreError(cause as Error);
    } finally {
      if (!signal.aborted) setLoadingMore(false);
    }
  }

  const changes = { reload, more: () => void more(), put, drop, wish, settle };
  return { list, loading, error, loadingMore, moreError, ...changes };
}
