// The line that a voice draws, one for each emotion, as SVG paths in a box of 24. Stylised pitch contours; pure.

/** Told apart by form alone, also at 16 pixels and without colour. */
const CONTOURS: Record<string, string> = {
  /** Hard attacks. */
  angry: "M2 17 6.500 6 10 18 14 5 17.500 18 22 7",
  /** Drops and stays down, with a curl. */
  disgust: "M2 6c6 0 8 12 13 12a4 4 0 1 0-4-4",
  /** A tremble that climbs. */
  fear: "M2 18c1.200-3 2.400-3 3.200 0s2 0 3.200-3 2 3 3.200-1 2 2 3.200-2 2 1 3.200-3 2 0 4-4",
  /** Two bounds. */
  happy: "M2 18C3 6 11 6 12 18 13 6 21 6 22 18",
  /** Level. */
  neutral: "M3 9h18M3 15h18",
  /** Sinks. */
  sad: "M2 5c5 0 8 3 11 8s5 6 9 6",
  /** A leap. */
  surprise: "M3 19h6c4 0 4-8 5-14M8.500 9.500 14 4l5.500 5.500",
  /** A broken line. */
  uncertain: "M3 12h2M9 12h1.500M13.500 12H15M19 12h2",
};

/** A dot in a ring stands for classes that other models bring. */
const OTHER = "M12 4a8 8 0 1 0 .01 0M12 11.500v1";

/** @param emotion null: uncertain */
export function contourOf(emotion: string | null): string {
  return CONTOURS[emotion ?? "uncertain"] ?? OTHER;
}
