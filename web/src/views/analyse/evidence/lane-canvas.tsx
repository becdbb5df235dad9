// A canvas as wide as its place and as sharp as the screen, drawn again when size or colours change. Knows no data.
import { useEffect, useRef } from "react";
import { onColours } from "../../../shell/theme.ts";
import { colourAt, type Surface } from "./draw.ts";

/** @param draw is called on an empty surface; give the same function for the same picture @param label for screen readers; empty where the picture says nothing new */
export function LaneCanvas({
  draw,
  label,
  className,
}: {
  draw: (surface: Surface) => void;
  label: string;
  className: string;
}) {
  const ref = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    const canvas = ref.current!;
    const context = canvas.getContext("2d")!;
    const paint = () => {
      const { clientWidth: width, clientHeight: height } = canvas;
      if (width === 0 || height === 0) return;
      const scale = devicePixelRatio;
      canvas.width = Math.round(width * scale);
      canvas.height = Math.round(height * scale);
      context.scale(scale, scale);
      draw({ context, width, height, colour: (token) => colourAt(canvas.parentElement!, token) });
    };
    const resize = new ResizeObserver(paint);
    resize.observe(canvas);
    const stop = onColours(paint);
    return () => {
      resize.disconnect();
      stop();
    };
  }, [draw]);
  return (
    <canvas
      ref={ref}
      className={className}
      {...(label ? { role: "img", "aria-label": label } : { "aria-hidden": true })}
    />
  );
}
