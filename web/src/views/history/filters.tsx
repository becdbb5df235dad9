// What of the history is shown: words, emotion, days. The address holds it, so that a link and "back" keep it.
import { useEffect, useRef, useState } from "react";
import { Button, Field } from "../../parts/index.ts";
import { history } from "../../strings/history.ts";
import { emotionName } from "../../strings/shell.ts";
import styles from "./history.module.css";
import type { Filter } from "./use-recordings.ts";

const TYPING_MS = 250;

/** @param emotions those that the models here know */
export function Filters({
  filter,
  emotions,
  onChange,
}: {
  filter: Filter;
  emotions: readonly string[];
  onChange: (filter: Filter) => void;
}) {
  const set = (change: Filter) => onChange({ ...filter, ...change });
  const isSet = Object.values(filter).some(Boolean);
  const choices = new Set([...emotions, "uncertain", ...(filter.emotion ? [filter.emotion] : [])]);
  return (
    <search className={styles.filters} aria-label={history.filters}>
      <Search value={filter.q ?? ""} onChange={(q) => set({ q })} />
      <Field label={history.emotion}>
        <select value={filter.emotion ?? ""} onChange={(event) => set({ emotion: event.target.value })}>
          <option value="">{history.anyEmotion}</option>
          {[...choices].map((emotion) => (
            <option key={emotion} value={emotion}>
              {emotionName(emotion)}
            </option>
          ))}
        </select>
      </Field>
      <Field label={history.from}>
        <input
          type="date"
          value={filter.from ?? ""}
          max={filter.to}
          title={history.days}
          onChange={(event) => set({ from: event.target.value })}
        />
      </Field>
      <Field label={history.to}>
        <input
          type="date"
          value={filter.to ?? ""}
          min={filter.from}
          title={history.days}
          onChange={(event) => set({ to: event.target.value })}
        />
      </Field>
      <Button variant="quiet" disabled={!isSet} onClick={() => onChange({})}>
        {history.clear}
      </Button>
    </search>
  );
}

/** Asks when the typing rests, not at every letter. */
function Search({ value, onChange }: { value: string; onChange: (q: string) => void }) {
  const [text, setText] = useState(value);
  const asked = useRef(value);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const newest = useRef(onChange);
  newest.current = onChange;
  useEffect(() => {
    if (value === asked.current) return;
    clearTimeout(timer.current);
    asked.current = value;
    setText(value);
  }, [value]);
  useEffect(() => () => clearTimeout(timer.current), []);
  return (
    <Field label={history.search}>
      <input
        type="search"
        value={text}
        placeholder={history.searchPlaceholder}
        maxLength={200}
        onChange={(event) => {
          const next = event.target.value;
          setText(next);
          clearTimeout(timer.current);
          timer.current = setTimeout(() => {
            asked.current = next;
            newest.current(next);
          }, TYPING_MS);
        }}
      />
    </Field>
  );
}
