// Two recordings side by side: answers, timelines, pictures, on the same scales. Knows the API's recording and evidence.
import { api } from "../../api/client.ts";
import { type Resource, useResource } from "../../api/resource.ts";
import type { Evidence, Recording } from "../../api/types.ts";
import {
  ButtonLink,
  Card,
  cx,
  EmotionBadge,
  EmotionGlyph,
  EmptyState,
  ErrorState,
  hueClass,
  ModelLine,
  Notice,
  Page,
  Skeleton,
  SkeletonLines,
} from "../../parts/index.ts";
import { hrefTo } from "../../router.ts";
import {
  formatCount,
  formatNumber,
  formatPercent,
  formatProbability,
  formatSeconds,
  formatTime,
} from "../../strings/format.ts";
import { compare } from "../../strings/history.ts";
import { emotionName } from "../../strings/shell.ts";
import styles from "./compare.module.css";
import { Spectrogram, Waveform } from "./pictures.tsx";
import { emotionOf } from "./recordings.ts";

export function Compare({ ids: [a, b] }: { ids: [string | null, string | null] }) {
  const first = useResource(a, (signal) => api.recording(a!, signal));
  const second = useResource(b, (signal) => api.recording(b!, signal));
  const back = <ButtonLink href={hrefTo(["history"])}>{compare.back}</ButtonLink>;
  if (!a || !b || a === b) {
    return (
      <Page title={compare.title}>
        <EmptyState title={a && a === b ? compare.same : compare.missing} action={back} />
      </Page>
    );
  }
  const longest = Math.max(first.data?.analysis?.seconds ?? 0, second.data?.analysis?.seconds ?? 0);
  const models = [...new Set([first, second].flatMap(({ data }) => data?.analysis?.model ?? []))];
  return (
    <Page title={compare.title} lead={compare.lead} actions={back}>
      <div className={styles.pair}>
        <Side which={compare.first} recording={first} longest={longest} />
        <Side which={compare.second} recording={second} longest={longest} />
      </div>
      {first.data?.analysis && second.data?.analysis && <Answers pair={[first.data, second.data]} />}
      {models.map((model) => (
        <ModelLine key={model} model={model} />
      ))}
      <Notice />
    </Page>
  );
}

function Side({
  which,
  recording,
  longest,
}: {
  which: string;
  recording: Resource<Recording>;
  longest: number;
}) {
  const { data, error, reload } = recording;
  if (error) return <ErrorState title={compare.failed} error={error} retry={reload} />;
  if (!data) {
    return (
      <Card>
        <SkeletonLines lines={7} height="2rem" />
      </Card>
    );
  }
  const { id, name, created, analysis } = data;
  return (
    <Card
      title={`${which}: ${name}`}
      aside={analysis && <EmotionBadge emotion={emotionOf(data)} confidence={confidenceOf(data)} />}
    >
      <a href={hrefTo(["recordings", id])}>{formatTime(created)}</a>
      {analysis ? <Facts recording={data} /> : <p>{data.error?.message ?? compare.noTimeline}</p>}
      {analysis && <Lane recording={data} share={longest > 0 ? analysis.seconds / longest : 1} />}
      {analysis && <Pictures recording={data} share={longest > 0 ? analysis.seconds / longest : 1} />}
    </Card>
  );
}

/** A person's label has no confidence. */
function confidenceOf({ label, analysis }: Recording): number | undefined {
  return label === null ? analysis?.confidence : undefined;
}

function Facts({ recording: { analysis } }: { recording: Recording }) {
  if (!analysis) return null;
  const { seconds, quality, model, reason, uncertain } = analysis;
  const facts: [string, string][] = [
    [compare.length, formatSeconds(seconds)],
    [compare.quality, compare.verdicts[quality.verdict]],
    [compare.snr, compare.decibel(formatCount(quality.snr))],
    [compare.speech, formatPercent(quality.speech)],
    [compare.model, model],
  ];
  return (
    <>
      <dl className={styles.facts}>
        {facts.map(([term, value]) => (
          <div key={term}>
            <dt>{term}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      {uncertain && reason && (
        <p>
          <strong>{compare.because}:</strong> {reason}
        </p>
      )}
    </>
  );
}

/** The emotions over time; the glyph stands in what is wide enough, the words for all in the list that is read out. */
function Lane({ recording: { analysis }, share }: { recording: Recording; share: number }) {
  const { seconds, timeline } = analysis!;
  if (timeline.length === 0) return null;
  return (
    <figure className={styles.figure}>
      <figcaption>{compare.timeline}</figcaption>
      <ol className={styles.lane} style={{ width: `${share * 100}%` }}>
        {timeline.map(({ start, end, emotion }) => (
          <li
            key={start}
            className={cx(styles.span, hueClass(emotion))}
            data-uncertain={emotion === null || undefined}
            style={{ flexGrow: (end - start) / seconds }}
            title={compare.span(formatSeconds(start), formatSeconds(end), emotionName(emotion))}
          >
            <EmotionGlyph emotion={emotion} />
            <span className="visually-hidden">
              {compare.span(formatSeconds(start), formatSeconds(end), emotionName(emotion))}
            </span>
          </li>
        ))}
      </ol>
    </figure>
  );
}

function Pictures({ recording: { id, name }, share }: { recording: Recording; share: number }) {
  const { data, error, reload } = useResource<Evidence>(id, (signal) => api.evidence(id, signal));
  if (error) return <ErrorState title={compare.evidenceFailed} error={error} retry={reload} />;
  const top = data?.spectrogram.hertz.at(-1);
  return (
    <>
      <figure className={styles.figure}>
        <figcaption>{compare.waveform}</figcaption>
        {data ? (
          <Waveform evidence={data} share={share} label={compare.pictureOf(compare.waveform, name)} />
        ) : (
          <Skeleton height="6rem" />
        )}
      </figure>
      <figure className={styles.figure}>
        <figcaption>
          {compare.spectrogram}
          {top !== undefined && <small>{compare.range(formatCount(top))}</small>}
        </figcaption>
        {data ? (
          <Spectrogram evidence={data} share={share} label={compare.pictureOf(compare.spectrogram, name)} />
        ) : (
          <Skeleton height="6rem" />
        )}
      </figure>
    </>
  );
}

/** Both answers in one table, each pair of bars on one line, so that the eye need not cross the page. */
function Answers({ pair: [first, second] }: { pair: [Recording, Recording] }) {
  const [a, b] = [first.analysis?.probabilities ?? {}, second.analysis?.probabilities ?? {}];
  const emotions = [...new Set([...Object.keys(a), ...Object.keys(b)])];
  if (emotions.length === 0) return null;
  return (
    <Card title={compare.answers}>
      <table className={styles.answers}>
        <caption>{compare.differenceHint}</caption>
        <thead>
          <tr>
            <th scope="col">{compare.emotion}</th>
            <th scope="col">{compare.first}</th>
            <th scope="col">{compare.second}</th>
            <th scope="col">{compare.difference}</th>
          </tr>
        </thead>
        <tbody>
          {emotions.map((emotion) => (
            <tr key={emotion} className={hueClass(emotion)}>
              <th scope="row">
                <EmotionGlyph emotion={emotion} /> {emotionName(emotion)}
              </th>
              <ShareCell share={a[emotion]} />
              <ShareCell share={b[emotion]} />
              <td>{pointsOf(a[emotion], b[emotion])}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </Card>
  );
}

function ShareCell({ share }: { share: number | undefined }) {
  return (
    <td>
      {share === undefined ? (
        "–"
      ) : (
        <span className={styles.share}>
          <span className={styles.track} aria-hidden="true">
            <span style={{ width: `${share * 100}%` }} />
          </span>
          {formatProbability(share)}
        </span>
      )}
    </td>
  );
}

function pointsOf(a: number | undefined, b: number | undefined): string {
  if (a === undefined || b === undefined) return "–";
  const points = Math.round((b - a) * 1000) / 10;
  if (points === 0) return "0";
  return `${points > 0 ? "+" : "−"}${formatNumber(Math.abs(points))}`;
}
