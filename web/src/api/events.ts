// What the service tells as it happens (SSE), and whether it can be reached. Knows event names, no views.
import { useEffect, useRef } from "react";
import { API } from "./client.ts";
import { createStore } from "./store.ts";
import type { Batch, Recording } from "./types.ts";

/** Every event with its data. `resync`: events were missed, so whoever holds lists must load them again. */
export type ServiceEvents = {
  recording: Recording;
  removed: { id: string };
  batch: Batch;
  run: { id: string };
  resync: null;
};
type Name = keyof ServiceEvents;
type Listener<N extends Name> = (data: ServiceEvents[N]) => void;

/** `connecting` is the moment before the first answer; only `offline` is worth a word to people. */
export type Connection = "connecting" | "online" | "offline";
export const connection = createStore<Connection>("connecting");

const NAMES = ["recording", "removed", "batch", "run", "resync"] as const satisfies readonly Name[];
const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 15_000;

const listeners = new Map<Name, Set<Listener<Name>>>();

function tell<N extends Name>(name: N, data: ServiceEvents[N]): void {
  for (const listener of listeners.get(name) ?? []) listener(data);
}

/** Hears one kind of event until the returned function is called. */
export function onEvent<N extends Name>(name: N, listener: Listener<N>): () => void {
  const set = listeners.get(name) ?? new Set();
  listeners.set(name, set);
  set.add(listener as Listener<Name>);
  return () => set.delete(listener as Listener<Name>);
}

/** The same for a component: heard while it is there, always with its newest listener. */
export function useEvent<N extends Name>(name: N, listener: Listener<N>): void {
  const newest = useRef(listener);
  newest.current = listener;
  useEffect(() => onEvent(name, (data) => newest.current(data)), [name]);
}

/**
 * Opens the stream and keeps it open: the browser comes back by itself after a break (with Last-Event-ID); after a refusal
 * it does not, so this does, and then tells `resync`, since what came between is not known.
 *
 * @returns what closes it
 */
export function listen(): () => void {
  let source: EventSource | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let waitMs = FIRST_WAIT_MS;
  let isReplacement = false;

  function open(): void {
    clearTimeout(timer);
    source?.close();
    source = new EventSource(`${API}/events`);
    source.onopen = () => {
      waitMs = FIRST_WAIT_MS;
      connection.set("online");
      if (isReplacement) tell("resync", null);
      isReplacement = false;
    };
    source.onerror = () => {
      connection.set("offline");
      if (source?.readyState !== EventSource.CLOSED) return;
      isReplacement = true;
      timer = setTimeout(open, waitMs);
      waitMs = Math.min(LONGEST_WAIT_MS, waitMs * 2);
    };
    for (const name of NAMES) {
      source.addEventListener(name, (event) => {
        tell(name, name === "resync" ? null : JSON.parse((event as MessageEvent<string>).data));
      });
    }
  }

  const onBack = () => {
    if (source?.readyState === EventSource.CLOSED) open();
  };
  addEventListener("online", onBack);
  open();
  return () => {
    removeEventListener("online", onBack);
    clearTimeout(timer);
    source?.close();
  };
}
