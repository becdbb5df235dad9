// Which keys do what on a recording. Knows words only; the grid acts.
import { history } from "../../strings/history.ts";
import { emotionName } from "../../strings/shell.ts";
import styles from "./history.module.css";

/** @param emotions in the order of the keys 1 to 9 */
export function KeyHints({ emotions }: { emotions: readonly string[] }) {
  const labels = emotions.slice(0, 9).map((emotion, i) => [String(i + 1), emotionName(emotion)]);
  const others = [
    ["0", history.keyTakeBack],
    ["↑ ↓", history.keyMove],
    [history.enter, history.keyOpen],
    [history.space, history.keyPlay],
    ["C", history.keyCompare],
    ["N", history.keyNote],
    [history.del, history.keyDelete],
  ];
  return (
    <p id="history-keys" className={styles.keys}>
      <span className="visually-hidden">{history.keys}: </span>
      {[...labels, ...others].map(([key, word]) => (
        <span key={key}>
          <kbd>{key}</kbd> {word}{" "}
        </span>
      ))}
    </p>
  );
}
