// Records from the microphone into a file, to be heard first and then analysed. Knows the microphone, nothing of sending.
import { useEffect, useRef, useState } from "react";
import { levelOf } from "../../audio/level.ts";
import {
  type Microphone,
  type MicrophoneError,
  openMicrophone,
  SAMPLE_RATE,
} from "../../audio/microphone.ts";
import { Recorder } from "../../audio/wav.ts";
import { Button, ErrorState } from "../../parts/index.ts";
import { LevelMeter } from "../../parts/level-meter.tsx";
import { recorder as words } from "../../strings/analyse.ts";
import { formatSeconds } from "../../strings/format.ts";
import { microphone as problems } from "../../strings/microphone.ts";
import styles from "./intake.module.css";

type State =
  | { step: "ready" | "asking" }
  | { step: "recording" }
  | { step: "done"; file: File; address: string }
  | { step: "failed"; error: MicrophoneError };

export function Recording({ onFile, onClose }: { onFile: (file: File) => void; onClose: () => void }) {
  const [state, setState] = useState<State>({ step: "ready" });
  const [seconds, setSeconds] = useState(0);
  const [level, setLevel] = useState(-100);
  const open = useRef<Microphone>(null);
  const gone = useRef(false);
  const address = state.step === "done" ? state.address : undefined;

  useEffect(() => {
    gone.current = false;
    return () => {
      gone.current = true;
      open.current?.close();
    };
  }, []);
  useEffect(() => () => void (address && URL.revokeObjectURL(address)), [address]);

  const sound = useRef(new Recorder(SAMPLE_RATE));

  async function start() {
    const recorder = new Recorder(SAMPLE_RATE);
    sound.current = recorder;
    setState({ step: "asking" });
    try {
      const microphone = await openMicrophone((samples) => {
        recorder.add(samples);
        setLevel(levelOf(samples));
        setSeconds(recorder.seconds);
      }, stop);
      if (gone.current) return microphone.close();
      open.current = microphone;
      setState({ step: "recording" });
    } catch (error) {
      setState({ step: "failed", error: error as MicrophoneError });
    }
  }

  function stop() {
    open.current?.close();
    const file = sound.current.file(words.fileName(new Date()));
    setState({ step: "done", file, address: URL.createObjectURL(file) });
  }

  return (
    <div className={styles.recorder}>
      <p className={styles.clock} role="timer" aria-label={words.length}>
        {formatSeconds(seconds)}
      </p>
      <LevelMeter level={state.step === "recording" ? level : -100} label={words.level} />
      <p className={styles.soft} role="status">
        {state.step === "asking"
          ? words.asking
          : state.step === "recording"
            ? words.recording
            : state.step === "done"
              ? words.listen
              : words.ready}
      </p>
      {state.step === "failed" && (
        <ErrorState title={problems.title} error={problems.explain[state.error.problem]} />
      )}
      {state.step === "done" && (
        // biome-ignore lint/a11y/useMediaCaption: it is what the person has just said
        <audio src={state.address} controls />
      )}
      <div className={styles.ways}>
        {state.step === "recording" ? (
          <Button variant="primary" onClick={stop}>
            {words.stop}
          </Button>
        ) : state.step === "done" ? (
          <>
            <Button variant="primary" onClick={() => onFile(state.file)}>
              {words.analyse}
            </Button>
            <Button
              onClick={() => {
                setSeconds(0);
                setState({ step: "ready" });
              }}
            >
              {words.discard}
            </Button>
          </>
        ) : (
          <Button variant="primary" busy={state.step === "asking"} onClick={start}>
            {words.start}
          </Button>
        )}
        {state.step !== "recording" && (
          <Button variant="quiet" onClick={onClose}>
            {words.cancel}
          </Button>
        )}
      </div>
    </div>
  );
}
