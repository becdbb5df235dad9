// The signs of the navigation, drawn with one line each. Decoration: the word stands beside them.
const PATHS = {
  analyse: "M3 12h3l2-6 4 12 3-9 2 3h4",
  live: "M12 3a3 3 0 0 0-3 3v5a3 3 0 0 0 6 0V6a3 3 0 0 0-3-3ZM6 11a6 6 0 0 0 12 0M12 17v4",
  history: "M4 5v5h5M4.600 10A8 8 0 1 1 4 13M12 8v5l3 2",
  batch: "M4 6h10M4 12h16M4 18h7M18 4v4M16 6h4",
  models: "M12 3 4 7.500v9L12 21l8-4.500v-9ZM4 7.500l8 4.500 8-4.500M12 12v9",
  train: "M4 20V4M4 20h16M7 16c3-9 6-9 12-10",
  sun: "M12 8a4 4 0 1 0 0 8 4 4 0 0 0 0-8ZM12 2v2M12 20v2M2 12h2M20 12h2M5 5l1.500 1.500M17.500 17.500 19 19M19 5l-1.500 1.500M6.500 17.500 5 19",
} as const;

export type IconName = keyof typeof PATHS;

export function Icon({ name }: { name: IconName }) {
  return (
    <svg
      viewBox="0 0 24 24"
      width="1.25em"
      height="1.25em"
      fill="none"
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
