// A live session: microphone in, socket out, what happens told to a store. Knows both, draws nothing.
import { API } from "../../api/client.ts";
import { createStore, type Store } from "../../api/store.ts";
import type { LiveMessage, LiveStart, LiveStop } from "../../api/types.ts";
import { levelOf } from "../../audio/level.ts";
import { type Microphone, MicrophoneError, openMicrophone, SAMPLE_RATE } from "../../audio/microphone.ts";
import { loadService } from "../../shell/service.ts";
import { after, type Happening, idle, type Live } from "./state.ts";

export type Session = {
  readonly live: Store<Live>;
  /** dBFS of the newest block, fifty times a second. */
  readonly level: Store<number>;
  /** How far the newest estimate was behind the microphone when it came, milliseconds; null before the first. */
  readonly lag: Store<number | null>;
  readonly microphoneName: Store<string>;
  start(model?: string): Promise<void>;
  /** Closes the microphone; the service still waits to hear what shall become of it. */
  stop(): void;
  keep(name: string): void;
  letGo(): void;
  close(): void;
};

const SILENT = -100;

export function createSession(): Session {
  const live = createStore<Live>(idle);
  const level = createStore(SILENT);
  const lag = createStore<number | null>(null);
  const microphoneName = createStore("");
  let microphone: Microphone | undefined;
  let socket: WebSocket | undefined;
  /** Seconds sent, and when the newest of them came from the microphone. */
  let sent = 0;
  let sentAt = 0;
  /** Counts starts: what an older one still has to say does not matter. */
  let turn = 0;

  const happen = (happening: Happening) => live.set((before) => after(before, happening));

  function hush(): void {
    microphone?.close();
    microphone = undefined;
    level.set(SILENT);
  }

  function end(): void {
    turn++;
    hush();
    socket?.close();
    socket = undefined;
  }

  function onBlock(samples: Float32Array<ArrayBuffer>): void {
    level.set(levelOf(samples));
    if (live.get().step !== "listening" || socket?.readyState !== WebSocket.OPEN) return;
    socket.send(samples);
    sent += samples.length / SAMPLE_RATE;
    sentAt = performance.now();
  }

  function onMessage(message: LiveMessage): void {
    if (message.type === "estimate") lag.set((sent - message.time) * 1000 + performance.now() - sentAt);
    if (message.type === "error") hush();
    happen({ type: "message", message });
  }

  function connect(mine: number, model: string | undefined): void {
    const { protocol, host } = location;
    const line = new WebSocket(`${protocol === "https:" ? "wss" : "ws"}://${host}${API}/live`);
    socket = line;
    let wasOpen = false;
    line.onopen = () => {
      wasOpen = true;
      line.send(JSON.stringify({ type: "start", ...(model && { model }) } satisfies LiveStart));
    };
    line.onmessage = ({ data }) => {
      if (mine === turn) onMessage(JSON.parse(data) as LiveMessage);
    };
    line.onclose = () => {
      if (mine !== turn) return;
      hush();
      happen({ type: "closed" });
      // A line that never opened may want a token; the answer to this asks for it.
      if (!wasOpen) void loadService();
    };
  }

  function send(message: LiveStop): void {
    if (socket?.readyState === WebSocket.OPEN) socket.send(JSON.stringify(message));
    else happen({ type: "closed" });
  }

  return {
    live,
    level,
    lag,
    microphoneName,
    async start(model) {
      end();
      const mine = turn;
      sent = 0;
      lag.set(null);
      happen({ type: "asked" });
      try {
        const opened = await openMicrophone(onBlock, () => {
          hush();
          happen({ type: "stopped", unplugged: true });
        });
        if (mine !== turn) return opened.close();
        microphone = opened;
        microphoneName.set(opened.name);
      } catch (error) {
        const problem = error instanceof MicrophoneError ? error.problem : "failed";
        if (mine === turn) happen({ type: "failed", failure: { kind: "microphone", problem } });
        return;
      }
      happen({ type: "opened" });
      connect(mine, model);
    },
    stop() {
      hush();
      happen({ type: "stopped", unplugged: false });
    },
    keep(name) {
      happen({ type: "keeping" });
      send({ type: "stop", keep: true, ...(name && { name }) });
    },
    letGo() {
      send({ type: "stop", keep: false });
    },
    close: end,
  };
}
