// What is drawn on the lanes. Knows a canvas and colours, nothing of where the numbers are from.
import type { Segment } from "../../../api/types.ts";
import type { Picture } from "./decode.ts";

/** A canvas of `width` x `height` CSS pixels, ready to draw on. `colour` gives a token's colour for the theme of now. */
export type Surface = {
  context: CanvasRenderingContext2D;
  width: number;
  height: number;
  colour: (token: string) => string;
};

/** Custom properties hold text such as `light-dark(...)`; as a real property's value the browser resolves them. */
export function colourAt(element: Element, token: string): string {
  const probe = document.createElement("span");
  probe.hidden = true;
  probe.style.color = `var(--${token}, var(--uncertain))`;
  element.append(probe);
  const { color } = getComputedStyle(probe);
  probe.remove();
  return color;
}

/** @param peaks [columns, 2]: least and greatest, -127..127 */
export function drawWaveform({ context, width, height, colour }: Surface, peaks: Int8Array): void {
  const columns = peaks.length / 2;
  const middle = height / 2;
  // Quiet recordings fill the lane too: it shows when, the level stands in words.
  const most = peaks.reduce((a, b) => Math.max(a, Math.abs(b)), 1);
  const y = (value: number) => middle - (value / most) * (middle - 2);
  context.fillStyle = colour("accent");
  context.beginPath();
  for (let c = 0; c < columns; c++) context.lineTo(((c + 0.5) / columns) * width, y(peaks[2 * c + 1]!) - 0.5);
  for (let c = columns - 1; c >= 0; c--)
    context.lineTo(((c + 0.5) / columns) * width, y(peaks[2 * c]!) + 0.5);
  context.closePath();
  context.fill();
}

/** @param attention [columns], 0..255 */
export function drawAttention({ context, width, height, colour }: Surface, attention: Uint8Array): void {
  const columns = attention.length;
  const most = attention.reduce((a, b) => Math.max(a, b), 1);
  context.fillStyle = colour("accent");
  context.beginPath();
  context.moveTo(0, height);
  attention.forEach((value, c) => {
    context.lineTo(((c + 0.5) / columns) * width, height - (value / most) * (height - 3));
  });
  context.lineTo(width, height);
  context.closePath();
  context.fill();
}

/** Each value a colour of the ramp, lowest row at the foot, stretched over the whole surface. */
export function drawPicture(surface: Surface, picture: Picture): void {
  const { context, width, height } = surface;
  const { columns, rows } = picture;
  if (columns === 0 || rows === 0) return;
  const small = new OffscreenCanvas(columns, rows);
  const pen = small.getContext("2d")!;
  const image = pen.createImageData(columns, rows);
  const pixels = new Uint32Array(image.data.buffer);
  const ramp = rampOf(surface.colour);
  for (let c = 0; c < columns; c++) {
    for (let r = 0; r < rows; r++) {
      pixels[(rows - 1 - r) * columns + c] = ramp[picture.data[c * rows + r]!]!;
    }
  }
  pen.putImageData(image, 0, 0);
  context.imageSmoothingQuality = "high";
  context.drawImage(small, 0, 0, width, height);
}

/** 256 pixels from the ramp's three colours; the canvas mixes them. */
function rampOf(colour: Surface["colour"]): Uint32Array {
  const canvas = new OffscreenCanvas(256, 1);
  const pen = canvas.getContext("2d", { willReadFrequently: true })!;
  const gradient = pen.createLinearGradient(0, 0, 256, 0);
  gradient.addColorStop(0, colour("ramp-low"));
  gradient.addColorStop(0.55, colour("ramp-middle"));
  gradient.addColorStop(1, colour("ramp-high"));
  pen.fillStyle = gradient;
  pen.fillRect(0, 0, 256, 1);
  return new Uint32Array(pen.getImageData(0, 0, 256, 1).data.buffer);
}

/**
 * What else was weighed, as shades on each emotion's line: the stronger, the likelier.
 *
 * @param rows the emotions from the top; lines of equal height, and one more for "uncertain" @param seconds the whole width
 */
export function drawShades(
  { context, width, height, colour }: Surface,
  timeline: readonly Segment[],
  rows: readonly string[],
  seconds: number,
): void {
  const line = height / (rows.length + 1);
  rows.forEach((emotion, row) => {
    context.fillStyle = colour(emotion);
    for (const { start, end, probabilities } of timeline) {
      context.globalAlpha = 0.45 * (probabilities[emotion] ?? 0);
      context.fillRect(
        (start / seconds) * width,
        row * line + 1,
        ((end - start) / seconds) * width,
        line - 2,
      );
    }
  });
  context.globalAlpha = 1;
}
