// The live view: microphone, level, the emotion as it changes, the last minute, keep or let go. Knows a session.
import { useEffect, useState } from "react";
import { useStore } from "../../api/store.ts";
import { Button, LevelMeter, ModelLine, Notice, Page, toast } from "../../parts/index.ts";
import { hrefTo, navigate } from "../../router.ts";
import { live as words } from "../../strings/live.ts";
import { emotionName } from "../../strings/shell.ts";
import { useAnsweringModel } from "../analyse/answering.ts";
import { remember } from "../analyse/known.ts";
import { Ended } from "./ended.tsx";
import { Failed } from "./failed.tsx";
import styles from "./live.module.css";
import { Now } from "./now.tsx";
import { createSession, type Session } from "./session.ts";
import { lasting } from "./state.ts";
import { Strip } from "./strip.tsx";

const SEVEN = ["angry", "disgust", "fear", "happy", "neutral", "sad", "surprise"];

export function View() {
  const [session] = useState(createSession);
  const live = useStore(session.live);
  const model = useAnsweringModel();
  const emotions = live.emotions.length > 0 ? live.emotions : (model?.emotions ?? SEVEN);
  useEffect(() => () => session.close(), [session]);
  useEffect(() => {
    if (!live.kept) return;
    remember(live.kept);
    navigate(hrefTo(["recordings", live.kept.id]));
  }, [live.kept]);

  return (
    <Page title={words.title} lead={words.lead}>
      <Spoken said={lasting(live.recent)} />
      <Now live={live} emotions={emotions} />
      <div className={styles.desk}>
        <Level session={session} />
        <div className={styles.buttons}>
          {live.step === "listening" ? (
            <Button variant="primary" onClick={session.stop}>
              {words.stop}
            </Button>
          ) : (
            live.step !== "stopped" &&
            live.step !== "keeping" && (
              <Button
                variant="primary"
                busy={live.step === "asking" || live.step === "connecting"}
                onClick={() => void session.start(model?.name)}
              >
                {live.step === "failed" ? words.again : words.start}
              </Button>
            )
          )}
        </div>
        <p className={styles.state}>
          <span role="status">
            <State session={session} />
          </span>
          <Lag session={session} />
        </p>
      </div>
      {live.failure && <Failed failure={live.failure} seconds={live.seconds} />}
      {(live.step === "stopped" || live.step === "keeping") && (
        <Ended
          live={live}
          onKeep={session.keep}
          onLetGo={() => {
            session.letGo();
            toast(words.gone);
          }}
        />
      )}
      <section aria-label={words.strip} className={styles.minute}>
        <h2>{words.strip}</h2>
        <Strip recent={live.recent} emotions={emotions} />
      </section>
      {model && <ModelLine model={model.name} />}
      <Notice />
    </Page>
  );
}

/** Read out where an emotion lasts, not shown. */
function Spoken({ said }: { said: string | null | undefined }) {
  return (
    <p className="visually-hidden" aria-live="polite">
      {said !== undefined && emotionName(said)}
    </p>
  );
}

function Level({ session }: { session: Session }) {
  return <LevelMeter level={useStore(session.level)} label={words.microphone} />;
}

function Lag({ session }: { session: Session }) {
  const lag = useStore(session.lag);
  if (lag === null || session.live.get().step !== "listening") return null;
  return <span className={styles.lag}>{words.behind(lag)}</span>;
}

function State({ session }: { session: Session }) {
  const { step } = useStore(session.live);
  const name = useStore(session.microphoneName);
  if (step === "asking") return words.asking;
  if (step === "connecting") return words.connecting;
  if (step === "listening") return words.listening(name);
  return step === "idle" ? words.readyText : words.ready;
}
