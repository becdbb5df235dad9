// The lanes under each other: emotions, waveform, attention, spectrogram, MFCC; one cursor for all. Knows what was decoded.
import { type PointerEvent, type ReactNode, useCallback, useEffect, useRef } from "react";
import type { Segment } from "../../../api/types.ts";
import { evidence as words } from "../../../strings/analyse.ts";
import { formatSeconds } from "../../../strings/format.ts";
import { loudestAt, mostAttended, type Seen } from "./decode.ts";
import { drawAttention, drawPicture, drawWaveform, type Surface } from "./draw.ts";
import { LaneCanvas } from "./lane-canvas.tsx";
import styles from "./lanes.module.css";
import type { Player } from "./player.ts";
import { Score, ScoreNames } from "./score.tsx";
import { ticks } from "./timeline.ts";
import { Position, Transport, useTenths } from "./transport.tsx";

type Props = { seen: Seen; timeline: readonly Segment[]; emotions: readonly string[]; player: Player };

export function Lanes({ seen, timeline, emotions, player }: Props) {
  const { seconds, spectrogram, mfcc, peaks, attention } = seen;
  const overlay = useRef<HTMLDivElement>(null);
  useCursor(player, seconds, overlay);
  const pointing = usePointing(player, seconds, overlay);
  const heard = mostAttended(seen);
  return (
    <div className={styles.lanes} style={{ "--lines": emotions.length + 1 } as object} {...pointing}>
      <Transport player={player} seconds={seconds} />
      <div className={styles["slider-place"]} data-still>
        <Position player={player} seconds={seconds} timeline={timeline} />
      </div>
      <div className={styles.name}>
        <ScoreNames emotions={emotions} />
      </div>
      <div className={styles.track} data-lane="score">
        <Heard player={player} seconds={seconds} timeline={timeline} emotions={emotions} />
      </div>
      <Lane
        lane="waveform"
        name={words.waveform}
        label={words.waveformLabel(seconds, loudestAt(seen))}
        draw={useCallback((surface: Surface) => drawWaveform(surface, peaks), [peaks])}
      />
      <Lane
        lane="attention"
        name={words.attention}
        label={words.attentionLabel(heard.start, heard.end)}
        draw={useCallback((surface: Surface) => drawAttention(surface, attention), [attention])}
      />
      <Lane
        lane="spectrogram"
        name={words.spectrogram}
        label={words.spectrogramLabel(spectrogram.hertz.at(-1) ?? 0)}
        draw={useCallback((surface: Surface) => drawPicture(surface, spectrogram), [spectrogram])}
      >
        <Pitches hertz={spectrogram.hertz} />
      </Lane>
      <Lane
        lane="mfcc"
        name={words.mfcc}
        label={words.mfccLabel(mfcc.rows)}
        draw={useCallback((surface: Surface) => drawPicture(surface, mfcc), [mfcc])}
      />
      <span />
      <div className={styles.track} data-lane="axis" aria-hidden="true">
        {labelled(ticks(seconds, 6), seconds).map((second) => (
          <span key={second} className={styles.tick} style={{ left: `${(second / seconds) * 100}%` }}>
            {formatSeconds(second)}
          </span>
        ))}
      </div>
      <div ref={overlay} className={styles.overlay} aria-hidden="true">
        <span className={styles.hover} data-shown />
        <span className={styles.cursor} />
      </div>
    </div>
  );
}

/** Without those whose words would reach past the end. */
function labelled(all: readonly number[], seconds: number): number[] {
  return all.filter((second) => second / seconds < 0.94);
}

function Lane({
  lane,
  name,
  label,
  draw,
  children,
}: {
  lane: string;
  name: string;
  label: string;
  draw: (surface: Surface) => void;
  children?: ReactNode;
}) {
  return (
    <>
      <div className={styles.name}>
        <span aria-hidden="true">{name}</span>
        {children}
      </div>
      <div className={styles.track} data-lane={lane}>
        <LaneCanvas className={styles.canvas!} draw={draw} label={label} />
      </div>
    </>
  );
}

function Heard({ player, seconds, timeline, emotions }: Omit<Props, "seen"> & { seconds: number }) {
  return (
    <Score
      timeline={timeline}
      emotions={emotions}
      seconds={seconds}
      current={useTenths(player)}
      onPlay={(second) => player.seek(second, true)}
    />
  );
}

/** Marks beside the spectrogram; its rows are not equal steps of hertz. */
function Pitches({ hertz }: { hertz: readonly number[] }) {
  const marks = [250, 1000, 2000, 4000].filter((mark) => mark > hertz[0]! && mark < (hertz.at(-1) ?? 0));
  return marks.map((mark) => {
    const row = hertz.findIndex((centre) => centre >= mark);
    return (
      <span
        key={mark}
        className={styles.pitch}
        style={{ bottom: `${((row + 0.5) / hertz.length) * 100}%` }}
        aria-hidden="true"
      >
        {words.hertz(mark)}
      </span>
    );
  });
}

/** Moves the cursor with the sound, past React: sixty times a second. */
function useCursor(player: Player, seconds: number, overlay: React.RefObject<HTMLDivElement | null>): void {
  useEffect(() => {
    const place = () => overlay.current?.style.setProperty("--at", String(player.time.get() / seconds));
    place();
    return player.time.subscribe(place);
  }, [player, seconds, overlay]);
}

/** A press on any lane plays from there; dragging moves along. */
function usePointing(player: Player, seconds: number, overlay: React.RefObject<HTMLDivElement | null>) {
  const isDown = useRef(false);
  const share = (event: PointerEvent) => {
    const { left, width } = overlay.current!.getBoundingClientRect();
    return (event.clientX - left) / width;
  };
  const isOnTrack = (event: PointerEvent) =>
    event.target instanceof Element && event.target.closest("[data-lane]") !== null;
  return {
    onPointerDown(event: PointerEvent) {
      if (event.button !== 0 || !isOnTrack(event)) return;
      isDown.current = true;
      player.seek(share(event) * seconds, true);
    },
    onPointerMove(event: PointerEvent) {
      overlay.current?.style.setProperty("--hover", String(Math.max(0, Math.min(1, share(event)))));
      if (isDown.current && event.buttons === 1) player.seek(share(event) * seconds);
    },
    onPointerUp() {
      isDown.current = false;
    },
  };
}
