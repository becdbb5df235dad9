// Loading something for a component, with its waiting and its failure. Knows promises, no routes.
import { useCallback, useEffect, useRef, useState } from "react";

export type Resource<T> = {
  /** The newest that came; stays while it is loaded again, so nothing jumps. */
  data: T | undefined;
  error: Error | undefined;
  loading: boolean;
  reload(): void;
  /** Puts in what is known otherwise: an event, the answer of a change. What is still being loaded is older, and dropped. */
  set(data: T): void;
};

/**
 * Loads when `key` changes and on `reload`.
 *
 * @param key what is loaded, such as a recording's id; null loads nothing
 * @param load gets a signal that is aborted when the answer no longer matters
 */
export function useResource<T>(key: string | null, load: (signal: AbortSignal) => Promise<T>): Resource<T> {
  const [turn, setTurn] = useState(0);
  const [state, setState] = useState<{ key: string | null; data?: T; error?: Error; loading: boolean }>({
    key,
    loading: key !== null,
  });
  const loading = useRef<AbortController | null>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: `load` is new at each render; `key` says what it loads
  useEffect(() => {
    if (key === null) return;
    const abort = new AbortController();
    loading.current = abort;
    setState((before) => (before.key === key ? { ...before, loading: true } : { key, loading: true }));
    load(abort.signal).then(
      (data) => {
        if (!abort.signal.aborted) setState({ key, data, loading: false });
      },
      (error: Error) => {
        if (!abort.signal.aborted) setState((before) => ({ ...before, key, error, loading: false }));
      },
    );
    return () => abort.abort();
  }, [key, turn]);
  const current = state.key === key ? state : { data: undefined, error: undefined, loading: key !== null };
  return {
    data: current.data,
    error: current.error,
    loading: current.loading,
    reload: useCallback(() => setTurn((n) => n + 1), []),
    set: useCallback(
      (data: T) => {
        loading.current?.abort();
        setState({ key, data, loading: false });
      },
      [key],
    ),
  };
}
