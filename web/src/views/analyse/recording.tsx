// A recording at its own address: the answer, what it rests on, and what can be done with it. Knows its routes and events.
import { type FormEvent, lazy, Suspense, useEffect, useState } from "react";
import { address, api } from "../../api/client.ts";
import { useEvent } from "../../api/events.ts";
import { sentenceOf } from "../../api/problem.ts";
import { useResource } from "../../api/resource.ts";
import { useStore } from "../../api/store.ts";
import type { Recording } from "../../api/types.ts";
import { Button, ButtonLink, Dialog, ErrorState, ModelLine, Notice, Page, toast } from "../../parts/index.ts";
import { navigate } from "../../router.ts";
import { models } from "../../shell/service.ts";
import { intake, recording as words } from "../../strings/analyse.ts";
import { formatBytes, formatDuration, formatTime, languageName } from "../../strings/format.ts";
import { Answer, AnswerFrame } from "./answer.tsx";
import { type Give, Ways } from "./intake.tsx";
import { take } from "./known.ts";
import { OwnLabel } from "./own-label.tsx";
import styles from "./recording.module.css";

const loadEvidence = () => import("./evidence/index.tsx");
const Evidence = lazy(async () => ({ default: (await loadEvidence()).Evidence }));

export function RecordingView({ id, isOver, onFiles }: { id: string; isOver: boolean; onFiles: Give }) {
  const [known] = useState(() => take(id));
  // One that came with its answer and its timeline is whole; others are asked for.
  const isWhole = known?.state === "done" && (known.analysis?.timeline.length ?? 0) > 0;
  const { data, error, reload, set } = useResource(id, (signal) =>
    isWhole ? Promise.resolve(known) : api.recording(id, signal),
  );
  const recording = data ?? known;

  useEffect(() => void loadEvidence().catch(() => undefined), []);
  useEvent("recording", (told) => {
    if (told.id !== id) return;
    // An event leaves the timeline out.
    if (told.state === "done" || told.state === "failed") reload();
    else set(told);
  });
  useEvent("removed", (told) => {
    if (told.id === id) navigate("#/", { replace: true });
  });
  useEvent("resync", reload);

  if (error && !recording) {
    return (
      <Page title={words.failed} actions={<Ways onFiles={onFiles} />}>
        <ErrorState error={error} retry={reload} />
      </Page>
    );
  }
  if (!recording) {
    return (
      <Page title={words.loading}>
        <AnswerFrame label={words.loading} progress={null} />
      </Page>
    );
  }
  return (
    <Page
      title={recording.name}
      lead={isOver ? intake.dropNow : <Facts recording={recording} />}
      actions={<Ways onFiles={onFiles} />}
    >
      <p className="visually-hidden" role="status">
        {said(recording)}
      </p>
      <Heard recording={recording} onChange={set} />
      <Notice />
    </Page>
  );
}

/** Read out when it changes. */
function said({ state, analysis }: Recording): string {
  if (state === "queued") return words.queued;
  if (state === "running") return words.analysing;
  if (state === "failed") return words.failedAnalysis;
  return words.answered(analysis?.emotion ?? null);
}

function Facts({ recording }: { recording: Recording }) {
  const { created, bytes, analysis, language, source } = recording;
  const facts = [
    formatTime(created),
    analysis && formatDuration(analysis.seconds),
    formatBytes(bytes),
    source === "live" && words.live,
    language && languageName(language),
  ];
  return facts.filter(Boolean).join(" · ");
}

function Heard({ recording, onChange }: { recording: Recording; onChange: (changed: Recording) => void }) {
  const { state, analysis, error, progress } = recording;
  const isWaiting = state === "queued" || state === "running";
  return (
    <>
      {state === "failed" && <ErrorState title={words.failedAnalysis} error={error?.message ?? ""} />}
      {isWaiting ? (
        <AnswerFrame
          label={state === "queued" ? words.queued : words.analysing}
          progress={state === "queued" ? null : progress}
        />
      ) : (
        analysis && <Answer analysis={analysis} />
      )}
      {analysis && !isWaiting && (
        <>
          <Suspense fallback={<div className={styles.place} />}>
            <Evidence recording={recording} analysis={analysis} />
          </Suspense>
          <OwnLabel recording={recording} analysis={analysis} onChange={onChange} />
          <ModelLine model={analysis.model} />
        </>
      )}
      <Doing recording={recording} />
    </>
  );
}

function Doing({ recording: { id, analysis } }: { recording: Recording }) {
  const [isAsking, setAsking] = useState(false);
  const others = (useStore(models) ?? []).filter((model) => model.id !== analysis?.model);

  async function remove() {
    setAsking(false);
    try {
      await api.remove(id);
      toast(words.removed);
      navigate("#/", { replace: true });
    } catch (error) {
      toast(sentenceOf(error), { kind: "error" });
    }
  }

  async function again(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const model = String(new FormData(event.currentTarget).get("model"));
    try {
      await api.analyseAgain(id, model);
      toast(words.againStarted(model));
    } catch (error) {
      toast(sentenceOf(error), { kind: "error" });
    }
  }

  return (
    <div className={styles.doing}>
      {others.length > 0 && (
        <form onSubmit={again}>
          <label>
            <span>{words.again}</span>
            <select name="model">
              {others.map(({ name }) => (
                <option key={name}>{name}</option>
              ))}
            </select>
          </label>
          <Button small type="submit">
            {words.startAgain}
          </Button>
        </form>
      )}
      <ButtonLink small href={address.json(id)} download>
        {words.json}
      </ButtonLink>
      <ButtonLink small href={address.audio(id)} download>
        {words.audio}
      </ButtonLink>
      <Button small variant="danger" onClick={() => setAsking(true)}>
        {words.remove}
      </Button>
      <Dialog
        open={isAsking}
        onClose={() => setAsking(false)}
        title={words.removeTitle}
        actions={
          <Button variant="danger" onClick={remove}>
            {words.remove}
          </Button>
        }
      >
        <p>{words.removeText}</p>
      </Dialog>
    </div>
  );
}
