// What can be seen of a recording, small: waveform with the model's attention, and spectrogram. Knows canvas and evidence.
import { useEffect, useRef } from "react";
import type { Evidence } from "../../api/types.ts";
import { onColours } from "../../shell/theme.ts";
import styles from "./compare.module.css";

type Draw = (
  context: CanvasRenderingContext2D,
  width: number,
  height: number,
  style: CSSStyleDeclaration,
) => void;

/** @param share of the width that the recording takes, so that two have the same scale of time */
export function Waveform({ evidence, share, label }: { evidence: Evidence; share: number; label: string }) {
  return (
    <Canvas
      label={label}
      share={share}
      draw={(context, width, height, style) => {
        const peaks = bytesOf(evidence.peaks);
        const attention = bytesOf(evidence.attention);
        const step = width / evidence.columns;
        for (let column = 0; column < evidence.columns; column++) {
          const x = column * step;
          context.globalAlpha = (attention[column] ?? 0) / 255;
          context.fillStyle = style.outlineColor;
          context.fillRect(x, 0, step + 0.5, height);
          context.globalAlpha = 1;
          context.fillStyle = style.color;
          const [low, high] = [signed(peaks[2 * column]), signed(peaks[2 * column + 1])];
          const top = ((127 - high) / 254) * height;
          context.fillRect(x, top, Math.max(step * 0.8, 0.5), Math.max(1, ((high - low) / 254) * height));
        }
      }}
    />
  );
}

export function Spectrogram({
  evidence,
  share,
  label,
}: {
  evidence: Evidence;
  share: number;
  label: string;
}) {
  return (
    <Canvas
      label={label}
      share={share}
      draw={(context, width, height, style) => {
        const { columns } = evidence;
        const { rows, data } = evidence.spectrogram;
        const levels = bytesOf(data);
        const picture = new ImageData(columns, rows);
        const [red, green, blue] = channels(style.color);
        for (let column = 0; column < columns; column++) {
          for (let row = 0; row < rows; row++) {
            const at = 4 * ((rows - 1 - row) * columns + column);
            picture.data[at] = red;
            picture.data[at + 1] = green;
            picture.data[at + 2] = blue;
            picture.data[at + 3] = levels[column * rows + row] ?? 0;
          }
        }
        const small = new OffscreenCanvas(columns, rows);
        small.getContext("2d")!.putImageData(picture, 0, 0);
        context.drawImage(small, 0, 0, width, height);
      }}
    />
  );
}

/** Draws again when its size or the page's colours change. */
function Canvas({ draw, label, share }: { draw: Draw; label: string; share: number }) {
  const ref = useRef<HTMLCanvasElement>(null);
  const newest = useRef(draw);
  newest.current = draw;
  useEffect(() => {
    const canvas = ref.current!;
    const redraw = () => {
      const { width, height } = canvas.getBoundingClientRect();
      if (width === 0) return;
      canvas.width = Math.round(width * devicePixelRatio);
      canvas.height = Math.round(height * devicePixelRatio);
      newest.current(canvas.getContext("2d")!, canvas.width, canvas.height, getComputedStyle(canvas));
    };
    const watcher = new ResizeObserver(redraw);
    watcher.observe(canvas);
    const stop = onColours(redraw);
    return () => {
      watcher.disconnect();
      stop();
    };
  }, []);
  return (
    <div className={styles.picture}>
      <canvas ref={ref} role="img" aria-label={label} style={{ width: `${share * 100}%` }} />
    </div>
  );
}

function bytesOf(base64: string): Uint8Array {
  return Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
}

const signed = (byte = 0) => (byte << 24) >> 24;

/** Whatever form a colour has in CSS, the canvas knows its channels. */
function channels(colour: string): [number, number, number] {
  const dot = new OffscreenCanvas(1, 1).getContext("2d", { willReadFrequently: true })!;
  dot.fillStyle = colour;
  dot.fillRect(0, 0, 1, 1);
  const [red = 0, green = 0, blue = 0] = dot.getImageData(0, 0, 1, 1).data;
  return [red, green, blue];
}
