// The person's own answer beside the model's. Knows the label of a recording.
import { useState } from "react";
import { sentenceOf } from "../../api/problem.ts";
import type { Analysis, Recording } from "../../api/types.ts";
import { Card, EmotionGlyph, toast } from "../../parts/index.ts";
import { recording as words } from "../../strings/analyse.ts";
import { emotionName } from "../../strings/shell.ts";
import { saveLabel } from "../history/save-label.ts";
import styles from "./recording.module.css";

export function OwnLabel({
  recording,
  analysis,
  onChange,
}: {
  recording: Recording;
  analysis: Analysis;
  onChange: (changed: Recording) => void;
}) {
  /** While the service has not answered; an object of its own for each choice. */
  const [chosen, setChosen] = useState<{ label: string | null }>();
  const { label } = chosen ?? recording;
  const emotions = Object.keys(analysis.probabilities ?? {});
  if (emotions.length === 0) return null;

  async function choose(emotion: string | null) {
    const mine = { label: emotion };
    setChosen(mine);
    try {
      const { label: kept } = await saveLabel(recording.id, emotion);
      onChange({ ...recording, label: kept });
      toast(emotion === null ? words.unlabelled : words.labelled(emotionName(emotion)));
    } catch (error) {
      toast(sentenceOf(error), { kind: "error" });
    } finally {
      setChosen((now) => (now === mine ? undefined : now));
    }
  }

  return (
    <Card title={words.label}>
      <p>{words.labelLead}</p>
      <fieldset className={styles.own}>
        <legend className="visually-hidden">{words.label}</legend>
        {[...emotions, null].map((emotion) => (
          <label key={emotion}>
            <input
              type="radio"
              name="own-label"
              checked={label === emotion}
              onChange={() => void choose(emotion)}
            />
            {emotion !== null && <EmotionGlyph emotion={emotion} />}
            {emotion === null ? words.labelNone : emotionName(emotion)}
          </label>
        ))}
      </fieldset>
    </Card>
  );
}
