// Before the tests: the page's tests drive a real Chromium. Finds it, or installs Debian's where that can be done.
import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";

const PLACES = [
  process.env.CHROMIUM,
  "/usr/bin/chromium",
  "/usr/bin/google-chrome",
  "/usr/bin/chromium-browser",
];

if (!PLACES.some((place) => place && existsSync(place))) {
  if (!existsSync("/usr/bin/apt-get") || process.getuid?.() !== 0) {
    console.error(
      "The tests of the page need Chromium: install it, or say where it is, CHROMIUM=/path npm test",
    );
    process.exit(1);
  }
  console.error("Installing Chromium for the tests of the page (apt-get install chromium)");
  const quiet = {
    stdio: ["ignore", "ignore", "inherit"],
    env: { ...process.env, DEBIAN_FRONTEND: "noninteractive" },
  };
  execFileSync("apt-get", ["update", "-qq"], quiet);
  execFileSync("apt-get", ["install", "-y", "-qq", "--no-install-recommends", "chromium"], quiet);
}
