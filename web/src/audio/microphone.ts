// The microphone as blocks of 16 kHz samples, untouched by the browser's improvements. Knows Web Audio, no views.
import workletAddress from "./capture-worklet.ts?worker&url";

export const SAMPLE_RATE = 16_000;

export type MicrophoneProblem = "insecure" | "unsupported" | "denied" | "none" | "busy" | "failed";

/** Why there is no sound: `problem` is for programs, the views have words for each. */
export class MicrophoneError extends Error {
  override name = "MicrophoneError";
  readonly problem: MicrophoneProblem;

  constructor(problem: MicrophoneProblem, cause?: unknown) {
    super(`Microphone: ${problem}`, { cause });
    this.problem = problem;
  }
}

export type Microphone = {
  /** As the system calls it; empty where it does not say. */
  readonly name: string;
  /** Lets go of the microphone. May be called twice. */
  close(): void;
};

/**
 * Echo cancellation, noise suppression and gain control are on by default in browsers; they flatten the loudness and
 * the breath that the model listens to.
 */
const CONSTRAINTS: MediaTrackConstraints = {
  channelCount: 1,
  echoCancellation: false,
  noiseSuppression: false,
  autoGainControl: false,
};

/**
 * Asks for the microphone and opens it.
 *
 * @param onBlock gets each new block, 20 ms of mono samples at 16 kHz, -1..1
 * @param onEnd is called when it goes away by itself: unplugged, or taken by the system
 * @throws MicrophoneError
 */
export async function openMicrophone(
  onBlock: (samples: Float32Array<ArrayBuffer>) => void,
  onEnd: () => void,
): Promise<Microphone> {
  if (!isSecureContext) throw new MicrophoneError("insecure");
  if (!navigator.mediaDevices?.getUserMedia || !("AudioWorkletNode" in globalThis)) {
    throw new MicrophoneError("unsupported");
  }
  // Together: the person's "allow" takes seconds, the worklet milliseconds.
  const context = new AudioContext({ sampleRate: SAMPLE_RATE, latencyHint: "interactive" });
  const loaded = context.audioWorklet.addModule(workletAddress);
  loaded.catch(() => undefined);
  let stream: MediaStream | undefined;
  const close = () => {
    for (const track of stream?.getTracks() ?? []) track.stop();
    if (context.state !== "closed") void context.close();
  };
  try {
    stream = await navigator.mediaDevices.getUserMedia({ audio: CONSTRAINTS });
    await loaded;
    const node = new AudioWorkletNode(context, "undertone-capture", {
      numberOfOutputs: 0,
      channelCount: 1,
      channelCountMode: "explicit",
    });
    node.port.onmessage = ({ data }) => onBlock(data);
    context.createMediaStreamSource(stream).connect(node);
    await context.resume();
    const track = stream.getAudioTracks()[0];
    track?.addEventListener("ended", onEnd, { once: true });
    return { name: track?.label ?? "", close };
  } catch (error) {
    close();
    throw new MicrophoneError(problemOf(error), error);
  }
}

/** The names of getUserMedia's errors: https://www.w3.org/TR/mediacapture-streams/#dom-mediadevices-getusermedia */
function problemOf(error: unknown): MicrophoneProblem {
  const name = error instanceof DOMException ? error.name : "";
  if (name === "NotAllowedError" || name === "SecurityError") return "denied";
  if (name === "NotFoundError" || name === "OverconstrainedError") return "none";
  if (name === "NotReadableError" || name === "AbortError") return "busy";
  return "failed";
}
