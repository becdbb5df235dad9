// The ways to give a recording: drop, paste, choose, record. Knows files and the recorder, nothing of sending.
import { useRef, useState } from "react";
import { useStore } from "../../api/store.ts";
import { Button } from "../../parts/index.ts";
import { models, service } from "../../shell/service.ts";
import { intake } from "../../strings/analyse.ts";
import { chosenModel } from "../models/choice.ts";
import { useAnsweringModel } from "./answering.ts";
import styles from "./intake.module.css";
import { Recording } from "./recorder.tsx";

export type Give = (files: readonly File[]) => void;

/** The whole drop zone. `isOver`: files are held over the page now. */
export function Intake({ isOver, onFiles }: { isOver: boolean; onFiles: Give }) {
  const [isRecording, setRecording] = useState(false);
  const model = useAnsweringModel();
  const limits = useStore(service)?.limits;
  const all = useStore(models) ?? [];
  return (
    <div className={styles.zone} data-over={isOver || undefined}>
      {isRecording ? (
        <Recording
          onClose={() => setRecording(false)}
          onFile={(file) => {
            setRecording(false);
            onFiles([file]);
          }}
        />
      ) : (
        <>
          <svg className={styles.contour} viewBox="0 0 320 56" aria-hidden="true">
            <path d="M0 14h320" />
            <path d="M0 36h44c12 0 12-14 24-14s14 28 28 28 14-44 30-44 16 44 32 44 14-36 28-36 12 28 26 28 10-16 22-16 12 10 22 10h64" />
          </svg>
          <p className={styles.invitation}>{isOver ? intake.dropNow : intake.drop}</p>
          <p className={styles.soft}>{intake.or}</p>
          <Ways onFiles={onFiles} onRecord={() => setRecording(true)} />
          <p className={styles.soft}>
            {limits ? intake.formats(limits.bytes, limits.seconds) : intake.formatsPlain}
          </p>
          {all.length > 1 && (
            <label className={styles.model}>
              <span>{intake.model}</span>
              <select value={model?.name} onChange={(event) => chosenModel.set(event.target.value)}>
                {all.map(({ name }) => (
                  <option key={name}>{name}</option>
                ))}
              </select>
            </label>
          )}
        </>
      )}
    </div>
  );
}

/** The buttons alone. */
export function Ways({ onFiles, onRecord }: { onFiles: Give; onRecord?: () => void }) {
  const files = useRef<HTMLInputElement>(null);
  const folder = useRef<HTMLInputElement>(null);
  const taken = (input: HTMLInputElement) => {
    onFiles([...(input.files ?? [])]);
    input.value = ""; // so that the same file can be chosen again
  };
  return (
    <div className={styles.ways}>
      <Button variant="primary" onClick={() => files.current?.click()}>
        {onRecord ? intake.choose : intake.another}
      </Button>
      {onRecord && <Button onClick={onRecord}>{intake.record}</Button>}
      {onRecord && <Button onClick={() => folder.current?.click()}>{intake.folder}</Button>}
      <input
        ref={files}
        type="file"
        hidden
        multiple
        accept="audio/*,video/*,.opus,.amr,.caf,.wma"
        onChange={(event) => taken(event.currentTarget)}
      />
      <input
        ref={folder}
        type="file"
        hidden
        multiple
        {...{ webkitdirectory: "" }}
        onChange={(event) => taken(event.currentTarget)}
      />
    </div>
  );
}
