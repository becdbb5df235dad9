// The answer at a glance, and its frame while it is waited for. Knows an analysis; loads the model's score only.
import { unseenOf, useCard } from "../../api/cards.ts";
import type { Analysis } from "../../api/types.ts";
import { cx, EmotionGlyph, hueClass, ProbabilityBars, Progress } from "../../parts/index.ts";
import { answer as words } from "../../strings/analyse.ts";
import { formatPercent } from "../../strings/format.ts";
import { modelLine } from "../../strings/model-line.ts";
import { emotionName } from "../../strings/shell.ts";
import styles from "./answer.module.css";
import { emotionsHeard, isVoiceless } from "./evidence/timeline.ts";

/** As large as the answer that will stand here. */
export function AnswerFrame({ label, progress }: { label: string; progress: number | null }) {
  return (
    <section className={styles.answer} aria-label={words.heading}>
      <div className={styles.waiting}>
        <svg className={styles.wave} viewBox="0 0 240 40" aria-hidden="true" preserveAspectRatio="none">
          <path d="M0 20h40c12 0 12-12 24-12s14 24 28 24 14-24 28-24 14 24 28 24 12-12 24-12h68" />
        </svg>
        <Progress value={progress} label={label} />
      </div>
    </section>
  );
}

export function Answer({ analysis }: { analysis: Analysis }) {
  const { emotion } = analysis;
  const probabilities = isVoiceless(analysis) ? null : analysis.probabilities;
  return (
    <section className={styles.answer} aria-label={words.heading}>
      {emotion === null ? <Unsure analysis={analysis} /> : <Sure analysis={analysis} emotion={emotion} />}
      <div className={styles.weighed}>
        <h2>{emotion === null ? words.barsUncertain : words.bars}</h2>
        {probabilities ? (
          <div className={emotion === null ? styles.muted : undefined}>
            <ProbabilityBars probabilities={probabilities} chosen={emotion} />
          </div>
        ) : (
          <p>{words.nothing}</p>
        )}
        <Quality quality={analysis.quality} />
      </div>
    </section>
  );
}

function Sure({ analysis, emotion }: { analysis: Analysis; emotion: string }) {
  const { data: card } = useCard(analysis.model);
  const unseen = card && unseenOf(card);
  return (
    <div className={cx(styles.voice, hueClass(emotion))}>
      <EmotionGlyph emotion={emotion} />
      <p className={styles.word}>
        <small>{words.sounds}</small>
        {emotionName(emotion)}
      </p>
      <p className={styles.sure}>{words.sure(analysis.confidence)}</p>
      <p className={styles.caveat}>
        {unseen
          ? words.unseen(modelLine.score(unseen.low, unseen.high))
          : card
            ? words.notMeasured
            : "\u00a0"}
      </p>
    </div>
  );
}

function Unsure({ analysis }: { analysis: Analysis }) {
  const { because = "", reason, timeline } = analysis;
  const heard = emotionsHeard(timeline);
  const isChanging = because === "low-confidence" && heard.length > 1;
  return (
    <div className={cx(styles.voice, hueClass(null))} data-uncertain>
      <EmotionGlyph emotion={null} />
      <p className={styles.word}>{words.uncertain}</p>
      <p className={cx(styles.sure, styles.why)}>{isChanging ? words.changes(heard) : reason}</p>
      {!isChanging && words.advice[because] && <p className={styles.caveat}>{words.advice[because]}</p>}
    </div>
  );
}

function Quality({ quality }: { quality: Analysis["quality"] }) {
  const { verdict, speech, snr, clipped, reasons } = quality;
  return (
    <div className={styles.quality} data-verdict={verdict}>
      <strong>
        {words.quality}: {words.verdict[verdict].toLowerCase()}
      </strong>
      <span>{words.speech(formatPercent(speech))}</span>
      <span>{words.snr(snr)}</span>
      <span>{clipped > 0 ? words.clipped(formatPercent(clipped)) : words.noClip}</span>
      {reasons.length > 0 && <span className={styles.reasons}>{reasons.join(" ")}</span>}
    </div>
  );
}
