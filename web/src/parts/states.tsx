// Nothing there yet, something failed, and the notice on what this may be used for. Knows words, no routes.
import type { ReactNode } from "react";
import { sentenceOf } from "../api/problem.ts";
import { notice, parts } from "../strings/shell.ts";
import { Button } from "./button.tsx";
import styles from "./states.module.css";

/** @param children a sentence on how to begin @param action buttons or links */
export function EmptyState({
  title,
  children,
  action,
}: {
  title: string;
  children?: ReactNode;
  action?: ReactNode;
}) {
  return (
    <div className={styles.state}>
      <svg className={styles.contour} viewBox="0 0 120 30" aria-hidden="true">
        <path d="M2 15h30c6 0 6-7 11-7s6 14 11 14 6-14 11-14 5 7 11 7h42" />
      </svg>
      <h2>{title}</h2>
      {children && <p>{children}</p>}
      {action}
    </div>
  );
}

/** Read out when it appears. `retry` is left out where trying again cannot help. */
export function ErrorState({ title, error, retry }: { title?: string; error: unknown; retry?: () => void }) {
  return (
    <div className={styles.failed} role="alert">
      <p>
        <strong>{title ?? parts.failed}.</strong> {sentenceOf(error)}
      </p>
      {retry && <Button onClick={retry}>{parts.retry}</Button>}
    </div>
  );
}

/** Whether the service runs on the machine that shows the page. */
function isHere(host: string): boolean {
  return host === "localhost" || host === "[::1]" || host.startsWith("127.");
}

/** What this is, what the law says, where the audio goes. Stands wherever an answer is shown. */
export function Notice({ short = false }: { short?: boolean }) {
  return (
    <aside className={styles.notice} aria-label={notice.label}>
      <p>
        <strong>{notice.short}</strong>
      </p>
      {!short && <p>{notice.law}</p>}
      <p>{isHere(location.hostname) ? notice.here : notice.there(location.hostname)}</p>
    </aside>
  );
}
