// Play, pause, where it is. Knows the player; the words say what sounds at that moment.
import { useSyncExternalStore } from "react";
import { useStore } from "../../../api/store.ts";
import type { Segment } from "../../../api/types.ts";
import { evidence as words } from "../../../strings/analyse.ts";
import { formatSeconds } from "../../../strings/format.ts";
import styles from "./lanes.module.css";
import type { Player } from "./player.ts";
import { at } from "./timeline.ts";

/** The player's second, in tenths: enough for words and a slider. */
export function useTenths({ time }: Player): number {
  return useSyncExternalStore(time.subscribe, () => Math.round(time.get() * 10) / 10);
}

export function Transport({ player, seconds }: { player: Player; seconds: number }) {
  const isPlaying = useStore(player.playing);
  const isBroken = useStore(player.failed);
  const now = useTenths(player);
  return (
    <div className={styles.transport}>
      <button
        type="button"
        className={styles.play}
        onClick={player.toggle}
        disabled={isBroken}
        aria-label={isPlaying ? words.pause : words.play}
      >
        <svg viewBox="0 0 24 24" aria-hidden="true">
          <path d={isPlaying ? "M6 4h4v16H6zM14 4h4v16h-4z" : "M7 3.500v17l14-8.500z"} />
        </svg>
      </button>
      <span className={styles.time}>
        <strong>{formatSeconds(now)}</strong>
        {formatSeconds(seconds)}
      </span>
      {isBroken && <span role="alert">{words.cannotPlay}</span>}
    </div>
  );
}

/** The keyboard's way along the lanes. */
export function Position({
  player,
  seconds,
  timeline,
}: {
  player: Player;
  seconds: number;
  timeline: readonly Segment[];
}) {
  const now = useTenths(player);
  return (
    <input
      type="range"
      className={styles.slider}
      min={0}
      max={seconds}
      step={Math.max(0.1, seconds / 500)}
      value={now}
      aria-label={words.position}
      aria-valuetext={words.positionText(now, seconds, at(timeline, now)?.emotion)}
      onChange={(event) => player.seek(Number(event.target.value))}
      onKeyDown={(event) => {
        if (event.key !== " ") return;
        event.preventDefault();
        player.toggle();
      }}
    />
  );
}
