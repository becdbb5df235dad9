// History's list: filters, rows, corrections, notes, deleting, export. Puts the parts together.
import { useCallback, useEffect, useMemo, useRef, useState } from "react";
import { address, api } from "../../api/client.ts";
import type { Recording } from "../../api/types.ts";
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
import { history } from "../../strings/history.ts";
import { shell } from "../../strings/shell.ts";
import { useEmotions } from "../models/use-emotions.ts";
import { DeleteDialog, NoteDialog } from "./dialogs.tsx";
import { exportJson } from "./export-json.ts";
import { Filters } from "./filters.tsx";
import { Grid } from "./grid.tsx";
import styles from "./history.module.css";
import { KeyHints } from "./key-hints.tsx";
import { usePlayer } from "./player.ts";
import type { RowActions } from "./row.tsx";
import { useCorrections } from "./use-corrections.ts";
import { type Filter, type RecordingList, useRecordings } from "./use-recordings.ts";

const FIELDS = ["q", "emotion", "from", "to"] as const;

export function List({ query }: { query: URLSearchParams }) {
  const filter: Filter = Object.fromEntries(
    FIELDS.map((field) => [field, query.get(field)]).filter(([, value]) => value),
  );
  const recordings = useRecordings(filter);
  const { list, loading, error, reload } = recordings;
  const emotions = useEmotions();
  const [chosen, setChosen] = useState<Recording[]>([]);
  const [noted, setNoted] = useState<Recording | null>(null);
  const [doomed, setDoomed] = useState<Recording | null>(null);
  const asking = { setChosen, note: setNoted, remove: setDoomed };
  const { playing, corrections, actions } = useActions(recordings, asking);
  const hasFilter = Object.keys(filter).length > 0;

  // The row that had the focus is gone, and so is the dialog: the row in its place gets it.
  const section = useRef<HTMLElement>(null);
  const isRemoved = useRef(false);
  useEffect(() => {
    if (doomed || !isRemoved.current) return;
    isRemoved.current = false;
    section.current?.querySelector<HTMLElement>('tr[tabindex="0"]')?.focus();
  }, [doomed]);

  async function remove(recording: Recording) {
    await api.remove(recording.id);
    recordings.drop(recording.id);
    isRemoved.current = true;
    setChosen((before) => before.filter(({ id }) => id !== recording.id));
    toast(history.deleted(recording.name));
  }

  return (
    <Page title={history.title} lead={history.lead} actions={<Export filter={filter} />}>
      <Filters
        filter={filter}
        emotions={emotions}
        onChange={(next) => navigate(hrefTo(["history"], next), { replace: true })}
      />
      {error && <ErrorState title={history.failed} error={error} retry={reload} />}
      {!list.loaded && !error && <SkeletonLines lines={8} height="3rem" />}
      {list.loaded && (
        <section ref={section} className={styles.list} aria-label={history.grid} aria-busy={loading}>
          <div className={styles.over}>
            <p role="status">{history.found(list.total)}</p>
            <Button small variant="primary" hidden={list.fresh.size === 0} onClick={reload}>
              {history.fresh(list.fresh.size)}
            </Button>
            {list.items.length > 0 && <KeyHints emotions={emotions} />}
          </div>
          {list.items.length === 0 ? (
            <Nothing hasFilter={hasFilter} />
          ) : (
            <Grid
              items={list.items}
              total={list.total}
              playing={playing}
              chosen={chosen.map(({ id }) => id)}
              emotions={emotions}
              actions={actions}
            />
          )}
          <More recordings={recordings} />
        </section>
      )}
      <Notice short />
      <Chosen chosen={chosen} onClear={() => setChosen([])} />
      <NoteDialog recording={noted} onClose={() => setNoted(null)} save={corrections.note} />
      <DeleteDialog recording={doomed} onClose={() => setDoomed(null)} remove={remove} />
    </Page>
  );
}

type Asking = Pick<RowActions, "note" | "remove"> & {
  setChosen: (change: (before: Recording[]) => Recording[]) => void;
};

function useActions(recordings: RecordingList, asking: Asking) {
  const { list } = recordings;
  const corrections = useCorrections(recordings);
  const names = useRef(list.items);
  names.current = list.items;
  const onSilent = useCallback((id: string) => {
    const name = names.current.find((item) => item.id === id)?.name ?? id;
    toast(history.cannotPlay(name), { kind: "error" });
  }, []);
  const { playing, toggle } = usePlayer(onSilent);
  const newest = useRef({ corrections, toggle, ...asking });
  newest.current = { corrections, toggle, ...asking };
  const actions = useMemo<RowActions>(
    () => ({
      play: ({ id }) => newest.current.toggle(id),
      // Two can be compared: a third takes the place of the first.
      choose: (one) =>
        newest.current.setChosen((before) =>
          before.some(({ id }) => id === one.id)
            ? before.filter(({ id }) => id !== one.id)
            : [...before.slice(-1), one],
        ),
      label: (recording, label) => newest.current.corrections.label(recording, label),
      note: (recording) => newest.current.note(recording),
      remove: (recording) => newest.current.remove(recording),
    }),
    [],
  );
  return { playing, corrections, actions };
}

function Export({ filter }: { filter: Filter }) {
  const [busy, setBusy] = useState(false);
  async function save() {
    setBusy(true);
    try {
      await exportJson(filter);
    } catch (error) {
      toast(String((error as Error).message), { kind: "error" });
    } finally {
      setBusy(false);
    }
  }
  return (
    <>
      <ButtonLink
        href={address.csv(filter)}
        download
        aria-label={history.exportCsv}
        title={history.exportCsv}
      >
        {history.csv}
      </ButtonLink>
      <Button
        busy={busy}
        onClick={() => void save()}
        aria-label={history.exportJson}
        title={history.exportJson}
      >
        {history.json}
      </Button>
    </>
  );
}

function Nothing({ hasFilter }: { hasFilter: boolean }) {
  if (hasFilter) return <EmptyState title={history.noneFit}>{history.noneFitText}</EmptyState>;
  return (
    <EmptyState
      title={history.empty}
      action={
        <ButtonLink variant="primary" href="#/">
          {shell.toAnalyse}
        </ButtonLink>
      }
    >
      {history.emptyText}
    </EmptyState>
  );
}

/** The next page comes when its place comes near; the button is for those who do not scroll. */
function More({ recordings }: { recordings: RecordingList }) {
  const { list, loading, loadingMore, moreError, more } = recordings;
  const end = useRef<HTMLDivElement>(null);
  const newest = useRef(more);
  newest.current = more;
  /** Asked once for each page: the watcher tells of its place at once, and is made anew when the next page is due. */
  const due = loading || loadingMore || moreError ? null : list.next;
  useEffect(() => {
    if (due === null || !end.current) return;
    const watcher = new IntersectionObserver(
      // On a busy machine "not near", of the beginning, comes together with "near".
      (entries) => {
        if (entries.some(({ isIntersecting }) => isIntersecting)) newest.current();
      },
      { rootMargin: "600px" },
    );
    watcher.observe(end.current);
    return () => watcher.disconnect();
  }, [due]);
  if (moreError) return <ErrorState title={history.moreFailed} error={moreError} retry={more} />;
  if (list.next === null) return null;
  return (
    <div ref={end} className={styles.more}>
      <p>{history.shown(list.items.length, list.total)}</p>
      <Button busy={loadingMore} onClick={more}>
        {loadingMore ? history.loadingMore : history.more}
      </Button>
    </div>
  );
}

function Chosen({ chosen, onClear }: { chosen: Recording[]; onClear: () => void }) {
  const [a, b] = chosen;
  return (
    <div className={styles.chosen} role="status" data-open={chosen.length > 0 || undefined}>
      {a && (
        <>
          <p>
            <strong>{history.chosen(chosen.length)}</strong>
            <span className={styles.snippet}>{chosen.map(({ name }) => name).join(" · ")}</span>
          </p>
          {b && (
            <ButtonLink variant="primary" small href={hrefTo(["history", "compare"], { a: a.id, b: b.id })}>
              {history.compare}
            </ButtonLink>
          )}
          <Button small variant="quiet" onClick={onClear}>
            {history.clearChoice}
          </Button>
        </>
      )}
    </div>
  );
}
