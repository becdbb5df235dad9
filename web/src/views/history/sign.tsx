// The signs on a row's buttons. Decoration: each button has its name.
const PATHS = {
  play: "M7 4.500v15l12-7.500Z",
  stop: "M6 6h12v12H6Z",
  note: "M4 20h4L19 9l-4-4L4 16v4ZM13 7l4 4",
  delete: "M4 7h16M9 7V4h6v3M6 7l1 13h10l1-13M10 11v5M14 11v5",
} as const;

export function Sign({ name }: { name: keyof typeof PATHS }) {
  const isSolid = name === "play" || name === "stop";
  return (
    <svg
      viewBox="0 0 24 24"
      width="1.125em"
      height="1.125em"
      fill={isSolid ? "currentColor" : "none"}
      stroke="currentColor"
      strokeWidth="1.8"
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
      focusable="false"
    >
      <path d={PATHS[name]} />
    </svg>
  );
}
