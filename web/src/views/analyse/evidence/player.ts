// One recording's sound: plays, moves, tells where it is. Knows the two addresses of the sound, nothing of lanes.
import { address } from "../../../api/client.ts";
import { createStore, type Store } from "../../../api/store.ts";

export type Player = {
  readonly playing: Store<boolean>;
  /** Seconds; changes with every frame while it plays. */
  readonly time: Store<number>;
  readonly failed: Store<boolean>;
  toggle(): void;
  /** Moves there; with `play` it also plays on. */
  seek(second: number, play?: boolean): void;
  close(): void;
};

/** @param type media type of the original @param seconds how long the model heard it: a container may say otherwise */
export function createPlayer(id: string, type: string, seconds: number): Player {
  const playing = createStore(false);
  const time = createStore(0);
  const failed = createStore(false);
  const audio = new Audio();
  audio.preload = "metadata";
  audio.src = audio.canPlayType(type) === "" ? address.listen(id) : address.audio(id);
  let frame = 0;

  const follow = () => {
    time.set(Math.min(seconds, audio.currentTime));
    if (!audio.paused) frame = requestAnimationFrame(follow);
  };
  const onPlay = () => {
    playing.set(true);
    cancelAnimationFrame(frame);
    follow();
  };
  const onPause = () => {
    playing.set(false);
    follow();
  };
  // What the browser cannot decode the service can: once, then it is said.
  const onError = () => {
    if (audio.src.endsWith(address.listen(id))) {
      failed.set(true);
      playing.set(false);
      return;
    }
    const [at, wasPlaying] = [time.get(), playing.get()];
    audio.src = address.listen(id);
    audio.currentTime = at;
    if (wasPlaying) start();
  };
  const start = () => {
    // Refused where a newer `pause` or `src` came between, or the sound is broken: `error` tells that.
    audio.play().catch(() => playing.set(!audio.paused));
  };
  audio.addEventListener("play", onPlay);
  audio.addEventListener("pause", onPause);
  audio.addEventListener("ended", onPause);
  audio.addEventListener("error", onError);

  return {
    playing,
    time,
    failed,
    toggle() {
      if (audio.paused) start();
      else audio.pause();
    },
    seek(second, play = false) {
      const to = Math.max(0, Math.min(seconds, second));
      audio.currentTime = to;
      time.set(to);
      if (play && audio.paused) start();
    },
    close() {
      cancelAnimationFrame(frame);
      audio.removeEventListener("error", onError);
      audio.pause();
      audio.removeAttribute("src");
      audio.load();
    },
  };
}
