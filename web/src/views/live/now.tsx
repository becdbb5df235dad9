// How it sounds at this moment, and all that is weighed. Knows the newest estimate.
import { cx, EmotionGlyph, hueClass, ProbabilityBars } from "../../parts/index.ts";
import { live as words } from "../../strings/live.ts";
import { emotionName } from "../../strings/shell.ts";
import styles from "./live.module.css";
import type { Live } from "./state.ts";

export function Now({ live, emotions }: { live: Live; emotions: readonly string[] }) {
  const { estimate } = live;
  const nothing = Object.fromEntries(emotions.map((emotion) => [emotion, null]));
  const emotion = estimate?.speech ? estimate.emotion : null;
  return (
    <section className={cx(styles.now, hueClass(emotion))} data-emotion={emotion ?? undefined}>
      <div className={styles.voice}>
        {estimate?.speech && <EmotionGlyph emotion={emotion} />}
        <p className={styles.word}>
          <small>{emotion === null ? "\u00a0" : words.sounds}</small>
          {headline(live, emotion)}
        </p>
        <p className={styles.sure}>{subline(live, emotion)}</p>
      </div>
      <div className={styles.bars}>
        <ProbabilityBars
          probabilities={(estimate?.speech && estimate.probabilities) || nothing}
          chosen={emotion}
        />
      </div>
    </section>
  );
}

function headline({ estimate, step }: Live, emotion: string | null): string {
  if (emotion !== null) return emotionName(emotion);
  if (!estimate) return step === "listening" ? "…" : words.ready;
  return estimate.speech ? words.uncertain : words.quiet;
}

function subline({ estimate, step }: Live, emotion: string | null): string {
  if (!estimate) return step === "listening" ? words.starting : "\u00a0";
  if (emotion !== null) return words.sure(estimate.confidence);
  if (!estimate.speech) return words.quietText;
  return words.because[estimate.because ?? "low-confidence"] ?? "\u00a0";
}
