// What the answer rests on: loads the evidence of a recording and shows its lanes. Knows the route, and keeps the place free.
import { useEffect, useMemo, useState } from "react";
import { api } from "../../../api/client.ts";
import { useResource } from "../../../api/resource.ts";
import type { Analysis, Recording } from "../../../api/types.ts";
import { Card, ErrorState, Skeleton } from "../../../parts/index.ts";
import { evidence as words } from "../../../strings/analyse.ts";
import { decode, type Seen } from "./decode.ts";
import styles from "./lanes.module.css";
import { Lanes } from "./lanes.tsx";
import { createPlayer, type Player } from "./player.ts";
import { isVoiceless } from "./timeline.ts";

export function Evidence({ recording, analysis }: { recording: Recording; analysis: Analysis }) {
  const { id, type } = recording;
  const { data, error, reload } = useResource(`${id} ${analysis.model}`, async (signal) =>
    decode(await api.evidence(id, signal)),
  );
  const player = usePlayer(id, type, data);
  const emotions = useMemo(() => Object.keys(analysis.probabilities ?? {}), [analysis]);
  const timeline = useMemo(() => (isVoiceless(analysis) ? [] : analysis.timeline), [analysis]);
  return (
    <Card title={words.title}>
      <p>{words.lead}</p>
      {error ? (
        <ErrorState title={words.failed} error={error} retry={reload} />
      ) : data && player ? (
        <Lanes seen={data} timeline={timeline} emotions={emotions} player={player} />
      ) : (
        <div className={styles.place}>
          <Skeleton height="38rem" />
        </div>
      )}
      <details className={styles.about}>
        <summary>{words.about.title}</summary>
        <ul>
          <li>{words.about.score}</li>
          <li>{words.about.attention}</li>
          <li>{words.about.spectrogram}</li>
          <li>{words.about.mfcc}</li>
        </ul>
      </details>
    </Card>
  );
}

function usePlayer(id: string, type: string, seen: Seen | undefined): Player | null {
  const [player, setPlayer] = useState<Player | null>(null);
  const seconds = seen?.seconds;
  useEffect(() => {
    if (seconds === undefined) return;
    const made = createPlayer(id, type, seconds);
    setPlayer(made);
    return () => {
      setPlayer(null);
      made.close();
    };
  }, [id, type, seconds]);
  return player;
}
