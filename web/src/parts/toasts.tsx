// Short messages that come and go, read out by screen readers. Knows no senders: anyone calls `toast`.
import { createStore, useStore } from "../api/store.ts";
import { parts } from "../strings/shell.ts";
import styles from "./toasts.module.css";

type Toast = {
  id: number;
  message: string;
  kind: "info" | "error";
  action?: { label: string; run: () => void };
};

const STAY_MS = 6_000;
/** One that offers something stays until it can be read and reached. */
const STAY_WITH_ACTION_MS = 15_000;

const toasts = createStore<Toast[]>([]);
let last = 0;

function dismiss(id: number): void {
  toasts.set((all) => all.filter((one) => one.id !== id));
}

/** `toast("Deleted", { action: { label: "Undo", run } })`. An error stays until it is dismissed. */
export function toast(
  message: string,
  options: { kind?: Toast["kind"]; action?: Toast["action"] } = {},
): void {
  const { kind = "info", action } = options;
  const id = ++last;
  toasts.set((all) => [...all.slice(-3), { id, message, kind, ...(action && { action }) }]);
  if (kind === "info") setTimeout(() => dismiss(id), action ? STAY_WITH_ACTION_MS : STAY_MS);
}

export function Toasts() {
  const all = useStore(toasts);
  return (
    <section className={styles.toasts} aria-label={parts.messages} aria-live="polite">
      {all.map(({ id, message, kind, action }) => (
        <div key={id} className={styles.toast} data-kind={kind}>
          <span>{message}</span>
          {action && (
            <button
              type="button"
              onClick={() => {
                action.run();
                dismiss(id);
              }}
            >
              {action.label}
            </button>
          )}
          <button type="button" onClick={() => dismiss(id)}>
            {parts.dismiss}
          </button>
        </div>
      ))}
    </section>
  );
}
