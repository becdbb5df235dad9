// The files of this visit: how far each is, and what was heard. Knows the uploads, no service.
import { Button, ButtonLink, Card, EmotionBadge, Progress } from "../../parts/index.ts";
import { hrefTo } from "../../router.ts";
import { uploads as words } from "../../strings/analyse.ts";
import { emotionName } from "../../strings/shell.ts";
import styles from "./home.module.css";
import { forget, retry, stop, type Upload } from "./uploads.ts";

export function UploadList({ files }: { files: readonly Upload[] }) {
  const latest = files.find(({ state }) => state === "done" || state === "failed");
  return (
    <Card title={words.title}>
      <p className="visually-hidden" role="status">
        {latest && said(latest)}
      </p>
      <ul className={styles.files}>
        {files.map((file) => (
          <Line key={file.key} file={file} />
        ))}
      </ul>
    </Card>
  );
}

function said({ state, recording, file }: Upload): string {
  if (state === "failed") return words.notRead(file.name);
  return words.finished(file.name, emotionName(recording?.analysis?.emotion ?? null));
}

export const stepWord = {
  waiting: words.waiting,
  sending: words.sending,
  analysing: words.analysing,
} as const;

function Line({ file: { key, file, state, progress, recording, error } }: { file: Upload }) {
  const { name } = file;
  return (
    <li className={styles.file}>
      <span className={styles.name} title={name}>
        {name}
      </span>
      {state === "done" ? (
        <span>
          <EmotionBadge
            emotion={recording?.analysis?.emotion ?? null}
            confidence={recording?.analysis?.confidence}
          />
        </span>
      ) : state === "failed" ? (
        <strong>{words.failed}</strong>
      ) : (
        <Progress value={state === "waiting" ? 0 : progress} label={stepWord[state]} />
      )}
      {state === "done" && recording ? (
        <ButtonLink small href={hrefTo(["recordings", recording.id])} aria-label={`${words.open} ${name}`}>
          {words.open}
        </ButtonLink>
      ) : state === "failed" ? (
        <span>
          <Button small onClick={() => retry(key)} aria-label={words.retryNamed(name)}>
            {words.retry}
          </Button>
          <Button small variant="quiet" onClick={() => forget(key)} aria-label={words.removeNamed(name)}>
            {words.remove}
          </Button>
        </span>
      ) : (
        <Button small variant="quiet" onClick={() => stop(key)} aria-label={words.stopNamed(name)}>
          {words.stop}
        </Button>
      )}
      {error && <p className={styles.wrong}>{error}</p>}
    </li>
  );
}
