// Tests: beside what they test in src/ and web/, and in test/ for what crosses rooms.
import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["src/**/*.test.ts", "web/src/**/*.test.ts", "test/**/*.test.ts"],
    pool: "forks",
    maxWorkers: 2,
    testTimeout: 60_000,
    // Models are trained and pages built in hooks, on machines that do other things too.
    hookTimeout: 120_000,
  },
});
