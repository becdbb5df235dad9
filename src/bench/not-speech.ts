// Sounds that are no speech, from formulas: what a microphone hears besides voices. Knows numbers, no files.
import { Random } from "../training/index.ts";
import { SAMPLE_RATE } from "./sound.ts";

const SECONDS = 5;
const TAU = 2 * Math.PI;

/** Draws the numbers of one sound; gives its value at each sample in order, at `t` seconds. */
type Maker = (draw: Draw) => (t: number) => number;

class Draw {
  readonly #random: Random;
  constructor(kind: string, index: number) {
    this.#random = new Random(index, kind);
  }
  /** Between two numbers, even in their logarithm. */
  between(low: number, high: number): number {
    return low * (high / low) ** this.unit();
  }
  unit(): number {
    return this.#random.next();
  }
  noise(): number {
    return this.unit() + this.unit() + this.unit() - 1.5;
  }
}

/** An oscillator's angle, whose frequency may change. */
function angle(hertz: (t: number) => number): (t: number) => number {
  let phase = 0;
  return (t) => {
    phase += (TAU * hertz(t)) / SAMPLE_RATE;
    return phase;
  };
}

function harmonics(phase: number, count: number): number {
  let sum = 0;
  for (let h = 1; h <= count; h++) sum += Math.sin(h * phase) / h;
  return sum;
}

/** Noise of which each sample keeps so much of the one before: 0 is white, 0.995 rumbles. */
function coloured(draw: Draw, keep: number): () => number {
  let last = 0;
  return () => {
    last = keep * last + (1 - keep) * draw.noise();
    return last;
  };
}

/** A resonance: what a drum or a throat makes of a click. */
function resonance(hertz: number, q: number): (x: number) => number {
  const w = (TAU * hertz) / SAMPLE_RATE;
  const a = Math.sin(w) / (2 * q);
  let [x1, x2, y1, y2] = [0, 0, 0, 0];
  return (x) => {
    const y = (a * (x - x2) + 2 * Math.cos(w) * y1 - (1 - a) * y2) / (1 + a);
    [x2, x1, y2, y1] = [x1, x, y1, y];
    return y;
  };
}

/** Notes of so many seconds, one after the other: which, and how far into it. */
function notes(draw: Draw, seconds: number, root: number) {
  const scale = [0, 2, 4, 5, 7, 9, 11, 12];
  const hertz = Array.from({ length: Math.ceil(SECONDS / seconds) }, () => {
    return root * 2 ** (scale[Math.floor(draw.unit() * scale.length)]! / 12);
  });
  return { at: (t: number) => hertz[Math.floor(t / seconds)]!, into: (t: number) => t % seconds };
}

const MAKERS: Record<string, Maker> = {
  "a tone": (draw) => {
    const hertz = draw.between(80, 4000);
    const phase = angle(() => hertz);
    return (t) => Math.sin(phase(t));
  },
  "a glide": (draw) => {
    const [from, to] = [draw.between(80, 4000), draw.between(80, 4000)];
    const phase = angle((t) => from * (to / from) ** (t / SECONDS));
    return (t) => Math.sin(phase(t));
  },
  chords: (draw) => {
    const { at, into } = notes(draw, draw.between(0.3, 1), draw.between(80, 300));
    const voices = [1, 1.26, 1.5].map((ratio) => angle((t) => ratio * at(t)));
    return (t) => voices.reduce((sum, voice) => sum + harmonics(voice(t), 6), 0) * Math.exp(-2 * into(t));
  },
  "a melody": (draw) => {
    const { at, into } = notes(draw, draw.between(0.15, 0.5), draw.between(150, 500));
    const vibrato = 0.012 * draw.unit();
    const phase = angle((t) => at(t) * (1 + vibrato * Math.sin(TAU * 5.5 * t)));
    return (t) => harmonics(phase(t), 10) * Math.min(1, into(t) / 0.02);
  },
  bells: (draw) => {
    const { at, into } = notes(draw, draw.between(0.4, 1.2), draw.between(300, 900));
    const parts = [1, 2.76, 5.4].map((ratio) => angle((t) => ratio * at(t)));
    return (t) =>
      parts.reduce((sum, part, i) => sum + Math.sin(part(t)) * Math.exp(-(2 + 3 * i) * into(t)), 0);
  },
  "white noise": (draw) => coloured(draw, 0),
  "low noise": (draw) => coloured(draw, draw.between(0.9, 0.998)),
  "pulsing noise": (draw) => {
    const [noise, rate] = [coloured(draw, 0.7), draw.between(1, 8)];
    return (t) => noise() * (0.05 + Math.max(0, Math.sin(TAU * rate * t)) ** 2);
  },
  clicks: (draw) => {
    const [rate, decay, body] = [draw.between(1, 12), draw.between(100, 800), draw.between(500, 5000)];
    const ring = resonance(body, 3);
    return (t) => ring(draw.noise() * Math.exp(-decay * (t % (1 / rate))));
  },
  crackling: (draw) => {
    const [rate, keep] = [draw.between(5, 200), draw.between(0.98, 0.998)];
    let size = 0;
    return () => {
      size = draw.unit() < rate / SAMPLE_RATE ? draw.unit() : size * keep;
      return draw.noise() * (size + 1e-3);
    };
  },
  applause: (draw) => {
    const rate = draw.between(200, 2000);
    const ring = resonance(draw.between(800, 2000), 1);
    let size = 0;
    return () => {
      size = size * 0.99 + (draw.unit() < rate / SAMPLE_RATE ? 1 : 0);
      return ring(draw.noise() * size);
    };
  },
  hum: (draw) => {
    const sizes = Array.from({ length: 12 }, () => draw.unit());
    const hertz = draw.unit() < 0.5 ? 50 : 60;
    return (t) =>
      sizes.reduce((sum, size, h) => sum + (size * Math.sin(TAU * hertz * (h + 1) * t)) / (h + 1), 0);
  },
  "a telephone's keys": (draw) => {
    const seconds = draw.between(0.12, 0.3);
    const pick = (from: readonly number[]) => from[Math.floor(draw.unit() * from.length)]!;
    // ITU-T Q.23.
    const keys = Array.from({ length: 50 }, () => [pick([697, 770, 852, 941]), pick([1209, 1336, 1477])]);
    return (t) => {
      const [low, high] = keys[Math.floor(t / seconds)]!;
      return t % seconds < seconds / 2 ? Math.sin(TAU * low! * t) + Math.sin(TAU * high! * t) : 0;
    };
  },
  "a siren": (draw) => {
    const [low, width, period] = [draw.between(350, 700), draw.between(1.5, 2.5), draw.between(0.2, 4)];
    const phase = angle((t) => low * (1 + (width - 1) * (0.5 - 0.5 * Math.cos((TAU * t) / period))));
    return (t) => harmonics(phase(t), 3);
  },
  beeps: (draw) => {
    const [hertz, period] = [draw.between(400, 4000), draw.between(0.2, 1.2)];
    return (t) => (t % period < 0.4 * period ? Math.sin(TAU * hertz * t) : 0);
  },
  "an engine": (draw) => {
    const [hertz, ring] = [draw.between(30, 120), resonance(draw.between(200, 800), 1)];
    const phase = angle((t) => hertz * (1 + 0.3 * Math.sin(TAU * 0.3 * t) + 0.02 * Math.sin(TAU * 7 * t)));
    return (t) => ring(harmonics(phase(t), 20)) + 0.1 * draw.noise();
  },
  birds: (draw) => {
    const [hertz, depth, period] = [draw.between(1500, 4500), draw.between(0.1, 0.6), draw.between(0.2, 0.7)];
    const phase = angle((t) => hertz * (1 + depth * Math.sin((TAU * (t % period)) / 0.08)));
    return (t) => {
      const value = Math.sin(phase(t));
      return t % period < 0.16 ? value * Math.sin((Math.PI * (t % period)) / 0.16) : 0;
    };
  },
  barks: (draw) => {
    const [hertz, period] = [draw.between(250, 900), draw.between(0.4, 1.2)];
    const throat = [700, 1500].map((formant) => resonance(formant * draw.between(0.7, 1.4), 4));
    const swell = (t: number) => (t % period < 0.15 ? Math.sin((Math.PI * (t % period)) / 0.15) : 0);
    const phase = angle((t) => hertz * (1 + 0.5 * swell(t)));
    return (t) => {
      const source = (harmonics(phase(t), 8) + draw.noise()) * swell(t);
      return throat.reduce((sum, formant) => sum + formant(source), 0);
    };
  },
  drums: (draw) => {
    const period = draw.between(0.25, 0.6);
    return (t) => {
      const into = t % period;
      const skin = Math.sin(TAU * (50 + 80 * Math.exp(-30 * into)) * into) * Math.exp(-8 * into);
      const snare = draw.noise() * Math.exp(-25 * into);
      return Math.floor(t / period) % 2 ? snare : skin;
    };
  },
};

export const NOT_SPEECH = Object.keys(MAKERS);

/** Sound `index` of a kind, 5 s at 16 kHz, between -30 and -12 dBFS; each index another one. */
export function notSpeech(kind: string, index: number): Float32Array {
  const draw = new Draw(kind, index);
  const level = -30 + 18 * draw.unit();
  const value = MAKERS[kind]!(draw);
  const sound = Float32Array.from({ length: SECONDS * SAMPLE_RATE }, (_, i) => value(i / SAMPLE_RATE));
  const power = sound.reduce((sum, x) => sum + x * x, 0) / sound.length;
  const gain = 10 ** (level / 20) / Math.sqrt(power);
  return sound.map((x) => Math.max(-1, Math.min(1, gain * x)));
}
