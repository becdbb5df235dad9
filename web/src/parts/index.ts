// The door of the common parts: what every view is built from.
export { Button, ButtonLink, type ButtonLook } from "./button.tsx";
export { cx } from "./cx.ts";
export { Dialog } from "./dialog.tsx";
export { EmotionBadge, EmotionGlyph, hueClass, ProbabilityBars } from "./emotion.tsx";
export { Actions, Card, Field, Page } from "./layout.tsx";
export { LevelMeter } from "./level-meter.tsx";
export { ModelLine } from "./model-line.tsx";
export { EmptyState, ErrorState, Notice } from "./states.tsx";
export { toast } from "./toasts.tsx";
export { Progress, Skeleton, SkeletonLines, Spinner } from "./waiting.tsx";
