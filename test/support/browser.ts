// A real Chromium on the real page, built from its sources and served by a service of the test's own.
import { execFile } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { type Browser, chromium, type Page } from "playwright-core";
import { expect } from "vitest";
import type { ServiceOptions } from "../../src/server/index.ts";
import { type TestService, testService } from "./service.ts";

const NAMES = ["chromium", "chromium-browser", "google-chrome"];

/** The browser of this machine; undefined: there is none, and tests that need one say so in their name. */
export const CHROMIUM = (process.env.PATH ?? "")
  .split(delimiter)
  .flatMap((folder) => NAMES.map((name) => join(folder, name)))
  .find((path) => existsSync(path));

/** The sizes that every view is held to. */
export const WIDTHS = [360, 768, 1440] as const;
export const THEMES = ["light", "dark"] as const;

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
/** A browser that finds no way out would try again and again: it is told not to. */
const FLAGS = [
  ...["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"],
  ...["--disable-background-networking", "--disable-component-update", "--disable-sync"],
];

export type PageUnderTest = {
  service: TestService;
  /** @param hash such as `#/history` */
  open(hash: string, size?: { width?: number; theme?: string }): Promise<Page>;
  /** What went wrong in a page and was not meant to: exceptions, and what the content policy held back. */
  troubles: string[];
  end(): Promise<void>;
};

/** In a process of its own: what tests set for themselves (NODE_ENV) makes another page of it. */
async function buildPage(folder: string): Promise<void> {
  const root = fileURLToPath(new URL("../..", import.meta.url));
  const vite = join(root, "node_modules", "vite", "bin", "vite.js");
  const args = ["build", "--config", "web/vite.config.ts", "--outDir", folder, "--logLevel", "error"];
  const env = { ...process.env, NODE_ENV: "production" };
  await promisify(execFile)(process.execPath, [vite, ...args], { cwd: root, env });
}

/** Builds the page, starts a service with it and a browser. */
export async function startPage(options: Partial<ServiceOptions> = {}): Promise<PageUnderTest> {
  const folder = mkdtempSync(join(tmpdir(), "undertone-built-"));
  await buildPage(folder);
  const service = await testService({ page: folder, ...options });
  const browser: Browser = await chromium.launch({ executablePath: CHROMIUM!, args: FLAGS });
  const troubles: string[] = [];
  return {
    service,
    troubles,
    async open(hash, { width = 1440, theme = "light" } = {}) {
      const context = await browser.newContext({ viewport: { width, height: 900 }, acceptDownloads: true });
      const page = await context.newPage();
      page.setDefaultTimeout(10_000);
      page.on("pageerror", (error) => troubles.push(error.message));
      page.on("console", (message) => {
        if (/content security policy/i.test(message.text())) troubles.push(message.text());
      });
      // Once: what a person chooses later stays.
      await page.addInitScript(
        `localStorage.getItem("undertone.theme") ?? localStorage.setItem("undertone.theme", "${theme}")`,
      );
      await page.goto(new URL(hash, service.address).href);
      return page;
    },
    async end() {
      await browser.close();
      await service.end();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Holds what is seen now to axe's rules, and to the width of the window. */
export async function holdToAccess(page: Page, where: string): Promise<void> {
  // Evaluated, not added as a script: the page's content policy stays as it is.
  await page.evaluate(AXE);
  const violations = await page.evaluate<{ id: string; nodes: { html: string }[] }[]>(
    `axe.run({ resultTypes: ["violations"] }).then(({ violations }) => violations)`,
  );
  const said = violations.map(({ id, nodes }) =>
    [id, ...nodes.slice(0, 3).map(({ html }) => html.slice(0, 120))].join(" "),
  );
  expect(said, where).toEqual([]);
  const over = await page.evaluate<number>("document.documentElement.scrollWidth - innerWidth");
  expect(over, `${where}: wider than the window`).toBeLessThanOrEqual(0);
}

/** The same at every width and in both themes. @param ready waits until the view shows what is to be held */
export async function holdEverywhere(
  pages: PageUnderTest,
  hash: string,
  ready: (page: Page) => Promise<unknown>,
): Promise<void> {
  for (const theme of THEMES) {
    const page = await pages.open(hash, { width: WIDTHS[0], theme });
    await ready(page);
    for (const width of WIDTHS) {
      await page.setViewportSize({ width, height: 900 });
      await holdToAccess(page, `${hash} at ${width}, ${theme}`);
    }
    await page.context().close();
  }
}
