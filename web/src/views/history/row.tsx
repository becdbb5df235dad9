// One recording in the list: what it is, what was heard, and what can be done with it. Knows looks; others act.
import { memo } from "react";
import type { Recording } from "../../api/types.ts";
import { cx, EmotionBadge, Spinner } from "../../parts/index.ts";
import { hrefTo } from "../../router.ts";
import { formatPercent, formatProbability, formatSeconds, formatTime } from "../../strings/format.ts";
import { history } from "../../strings/history.ts";
import { emotionName } from "../../strings/shell.ts";
import styles from "./history.module.css";
import { emotionOf, emotionsFor } from "./recordings.ts";
import { Sign } from "./sign.tsx";

/** What a row can ask for. Stable from render to render, so that a change of one row draws one row. */
export type RowActions = {
  play(recording: Recording): void;
  choose(recording: Recording): void;
  label(recording: Recording, label: string | null): void;
  note(recording: Recording): void;
  remove(recording: Recording): void;
};

export type RowProps = {
  recording: Recording;
  index: number;
  /** The one row of the grid that Tab reaches. */
  isActive: boolean;
  isPlaying: boolean;
  isChosen: boolean;
  emotions: readonly string[];
  actions: RowActions;
};

export const Row = memo(function Row({
  recording,
  index,
  isActive,
  isPlaying,
  isChosen,
  emotions,
  actions,
}: RowProps) {
  const { id, name, analysis, note, source, created, label } = recording;
  const when = formatTime(created);
  const tabIndex = isActive ? 0 : -1;
  return (
    <tr
      className={styles.row}
      tabIndex={tabIndex}
      aria-rowindex={index + 2}
      aria-selected={isChosen}
      aria-label={history.summary(name, answerInWords(recording), when)}
      data-id={id}
    >
      <td className={styles.choose}>
        <input
          type="checkbox"
          tabIndex={tabIndex}
          checked={isChosen}
          aria-label={history.choose(name)}
          onChange={() => actions.choose(recording)}
        />
      </td>
      <td className={styles.play}>
        <button
          type="button"
          className={styles.icon}
          tabIndex={tabIndex}
          aria-label={isPlaying ? history.stop(name) : history.play(name)}
          onClick={() => actions.play(recording)}
        >
          <Sign name={isPlaying ? "stop" : "play"} />
        </button>
      </td>
      <td className={styles.name}>
        <a href={hrefTo(["recordings", id])} tabIndex={tabIndex} title={name}>
          {name}
        </a>
        {note && (
          <span className={styles.snippet} title={note}>
            {note}
          </span>
        )}
      </td>
      <td className={styles.answer}>
        <Answer recording={recording} />
      </td>
      <td className={styles.correct}>
        {analysis && (
          <select
            tabIndex={tabIndex}
            aria-label={history.correct(name)}
            value={label ?? ""}
            onChange={(event) => actions.label(recording, event.target.value || null)}
          >
            <option value="">{history.asAnswered}</option>
            {emotionsFor(recording, emotions).map((emotion, i) => (
              <option key={emotion} value={emotion}>
                {i + 1} {emotionName(emotion)}
              </option>
            ))}
          </select>
        )}
      </td>
      <td className={styles.seconds}>{analysis ? formatSeconds(analysis.seconds) : "–"}</td>
      <td className={styles.created}>
        <time dateTime={created}>{when}</time>
        {source === "live" && <span className={styles.tag}>{history.live}</span>}
      </td>
      <td className={styles.actions}>
        <button
          type="button"
          className={styles.icon}
          tabIndex={tabIndex}
          aria-label={note ? history.noteOf(name) : history.addNote(name)}
          title={history.note}
          onClick={() => actions.note(recording)}
        >
          <Sign name="note" />
        </button>
        <button
          type="button"
          className={cx(styles.icon, styles.danger)}
          tabIndex={tabIndex}
          aria-label={history.deleteOf(name)}
          title={history.delete}
          onClick={() => actions.remove(recording)}
        >
          <Sign name="delete" />
        </button>
      </td>
    </tr>
  );
});

/** A correction counts; what the model said stays readable beside it. */
function Answer({ recording }: { recording: Recording }) {
  const { state, progress, error, analysis, label } = recording;
  if (state === "failed") {
    return (
      <span className={styles.failed} title={error?.message}>
        {history.failedState}
      </span>
    );
  }
  if (!analysis) {
    return (
      <span className={styles.waiting}>
        {state === "running" && <Spinner />}
        {state === "running" ? `${history.running} ${formatPercent(progress)}` : history.queued}
      </span>
    );
  }
  if (label === null) return <EmotionBadge emotion={analysis.emotion} confidence={analysis.confidence} />;
  return (
    <>
      <EmotionBadge emotion={label} />
      <small className={styles.was} title={history.was(emotionName(analysis.emotion))}>
        {history.corrected}
      </small>
    </>
  );
}

function answerInWords(recording: Recording): string {
  const { state, analysis, label } = recording;
  if (state === "failed") return history.failedState;
  if (!analysis) return state === "running" ? history.running : history.queued;
  const emotion = emotionName(emotionOf(recording));
  if (label === null)
    return analysis.emotion ? `${emotion} ${formatProbability(analysis.confidence)}` : emotion;
  return `${emotion} (${history.corrected}; ${history.was(emotionName(analysis.emotion))})`;
}
