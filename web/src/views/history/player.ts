// Plays a recording from a list: one at a time. Knows the browser's player and the two addresses of a sound.
import { useCallback, useEffect, useRef, useState } from "react";
import { address } from "../../api/client.ts";

export type Player = {
  /** Id of the recording that is heard, or null. */
  playing: string | null;
  toggle(id: string): void;
};

/** @param onFailed called where neither the original nor the service's own WAV of it can be played */
export function usePlayer(onFailed: (id: string) => void): Player {
  const audio = useRef<HTMLAudioElement | null>(null);
  const [playing, setPlaying] = useState<string | null>(null);
  const failed = useRef(onFailed);
  failed.current = onFailed;

  const stop = useCallback(() => {
    const element = audio.current;
    audio.current = null;
    if (element) {
      element.onerror = null;
      element.onended = null;
      element.pause();
      element.removeAttribute("src");
    }
    setPlaying(null);
  }, []);
  useEffect(() => stop, [stop]);

  const start = useCallback(
    (id: string, source: string, next: string | null) => {
      stop();
      const element = new Audio(source);
      audio.current = element;
      const onTrouble = () => {
        if (audio.current !== element) return;
        if (next) start(id, next, null);
        else {
          stop();
          failed.current(id);
        }
      };
      element.onerror = onTrouble;
      element.onended = stop;
      setPlaying(id);
      element.play().catch(onTrouble);
    },
    [stop],
  );

  const toggle = useCallback(
    // What this browser cannot play, the service sends as WAV.
    (id: string) => (playing === id ? stop() : start(id, address.audio(id), address.listen(id))),
    [playing, start, stop],
  );
  return { playing, toggle };
}
