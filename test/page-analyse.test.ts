// The page's Analyse in a real browser on the real service with the model that ships: every way in, the answer, what it rests on.
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { createAnalyst } from "../src/server/index.ts";
import { CHROMIUM, holdEverywhere, holdToAccess, type PageUnderTest, startPage } from "./support/browser.ts";
import { until } from "./support/service.ts";
import { wavBytes } from "./support/wav.ts";

const ROOT = fileURLToPath(new URL("../", import.meta.url));
const SAMPLE = `${ROOT}examples/sample.wav`;
const MODEL = "universal";

const isHere = CHROMIUM !== undefined && existsSync(`${ROOT}models/${MODEL}.onnx`);
const withBrowser = test.skipIf(!isHere);
const none = isHere ? "" : " (needs Chromium on PATH and the model that ships)";

let pages: PageUnderTest;
beforeAll(async () => {
  if (!isHere) return;
  pages = await startPage({
    analyst: createAnalyst({ processes: 1 }),
    models: { places: [`${ROOT}models`], fallback: MODEL },
  });
});
afterAll(() => pages?.end());
afterEach(() => {
  expect(pages?.troubles ?? []).toEqual([]);
});

const word = (page: Page) => page.getByRole("region", { name: "The answer" });
const choose = (page: Page) => page.locator('input[type="file"]').first();
const position = (page: Page) => page.getByRole("slider", { name: "Position" });
const sound = (seconds: number, value: (i: number) => number) =>
  Buffer.from(wavBytes(Float32Array.from({ length: 16_000 * seconds }, (_, i) => value(i))));
const wav = (name: string, buffer: Buffer) => ({ name, mimeType: "audio/wav", buffer });
const SILENCE = wav(
  "silence.wav",
  sound(1, () => 0),
);

/** The id in the address, once there is one. */
async function openedId(page: Page): Promise<string> {
  await page.waitForURL("**/#/recordings/*");
  return page.url().split("/").at(-1)!;
}

/** A page that shows the answer to the sample. */
async function answered(options?: { width?: number; theme?: string }): Promise<{ page: Page; id: string }> {
  const page = await pages.open("#/", options);
  await choose(page).setInputFiles(SAMPLE);
  const id = await openedId(page);
  await word(page).getByText("All it weighed").waitFor();
  return { page, id };
}

/** What a person would drop or paste, as the event that brings it. */
function give(page: Page, event: "drop" | "paste", files: { name: string; type: string; bytes: number[] }[]) {
  return page.evaluate(
    ({ event, files }) => {
      const transfer = new DataTransfer();
      for (const { name, type, bytes } of files) {
        transfer.items.add(new File([Uint8Array.from(bytes)], name, { type }));
      }
      const init = { bubbles: true, cancelable: true };
      dispatchEvent(
        event === "drop"
          ? new DragEvent("drop", { ...init, dataTransfer: transfer })
          : new ClipboardEvent("paste", { ...init, clipboardData: transfer }),
      );
    },
    { event, files },
  );
}

withBrowser(
  `a chosen file is answered, with all seven, the evidence, the card and the notice${none}`,
  async () => {
    const { page, id } = await answered();
    const { analysis } = await pages.service.get(`/recordings/${id}`);
    await word(page)
      .getByText(/% sure/)
      .waitFor();
    expect((await word(page).textContent())?.toLowerCase()).toContain(analysis.emotion);
    expect(
      await page.getByRole("list", { name: "Probability of each emotion" }).getByRole("listitem").count(),
    ).toBe(7);
    expect(await page.getByRole("heading", { level: 1 }).textContent()).toBe("sample.wav");
    await until(async () => (await page.evaluate(() => document.activeElement?.tagName)) === "H1");
    await page
      .getByText(/right for \d+ to \d+ of 100 clips/)
      .first()
      .waitFor();
    await page.getByText(/does not know what anyone feels/).waitFor();
    await page.getByText(/Art\. 5\(1\)\(f\)/).waitFor();
    for (const label of [
      /^Waveform of 2\.3 s/,
      /^Where the model listened/,
      /^Spectrogram/,
      /coefficients/,
    ]) {
      const canvas = page.getByRole("img", { name: label });
      await canvas.waitFor();
      // Drawn: more than one colour.
      const colours = () =>
        canvas.evaluate((element) => {
          const { width, height } = element as HTMLCanvasElement;
          const { data } = (element as HTMLCanvasElement).getContext("2d")!.getImageData(0, 0, width, height);
          return new Set(new Uint32Array(data.buffer)).size;
        });
      await expect.poll(colours, { message: String(label), timeout: 5000 }).toBeGreaterThan(8);
    }
    await page.context().close();
  },
);

withBrowser(`every moment can be heard: by hand, by keyboard, from the timeline${none}`, async () => {
  const { page } = await answered();
  const now = () => position(page).inputValue().then(Number);
  // Slowly, so that a busy machine gets to "Pause" before the sound ends.
  await page.evaluate(() => {
    const { play } = HTMLMediaElement.prototype;
    HTMLMediaElement.prototype.play = function () {
      this.playbackRate = 0.25;
      return play.call(this);
    };
  });
  const spectrogram = page.getByRole("img", { name: /^Spectrogram/ });
  await spectrogram.scrollIntoViewIfNeeded();
  const lane = (await spectrogram.boundingBox())!;
  await page.mouse.click(lane.x + lane.width / 2, lane.y + 20);
  await page.getByRole("button", { name: "Pause" }).waitFor();
  await until(async () => (await now()) > 1.2);
  await page.getByRole("button", { name: "Pause" }).click();
  await page.getByRole("button", { name: "Play" }).waitFor();

  await position(page).focus();
  await page.keyboard.press("Home");
  expect(await now()).toBe(0);
  await page.keyboard.press("ArrowRight");
  await page.keyboard.press("ArrowRight");
  expect(await now()).toBeCloseTo(0.2);
  expect(await position(page).getAttribute("aria-valuetext")).toMatch(/^0:00\.2 of 0:02\.3, \w+/);
  await page.keyboard.press(" ");
  await page.getByRole("button", { name: "Pause" }).waitFor();
  await page.keyboard.press(" ");

  const segment = page.getByRole("list", { name: "Emotions over time" }).getByRole("button").first();
  await segment.focus();
  await page.keyboard.press("Enter");
  await page.getByRole("button", { name: "Pause" }).waitFor();
  expect(await segment.getAttribute("aria-label")).toMatch(/^0:00\.0 to 0:02\.3: \w+, /);
  // The cursor lies where the sound is.
  const share = await page.evaluate(() => {
    const cursor = document.querySelector<HTMLElement>("[class*=overlay]")!;
    return Number(cursor.style.getPropertyValue("--at"));
  });
  expect(share).toBeGreaterThanOrEqual(0);
  expect(share).toBeLessThanOrEqual(1);
  await page.context().close();
});

withBrowser(`silence is uncertain, says why, and shows no numbers${none}`, async () => {
  const page = await pages.open("#/");
  await choose(page).setInputFiles(SILENCE);
  await word(page).getByText("Uncertain").waitFor();
  await word(page)
    .getByText(/silence, or a microphone that was off/)
    .first()
    .waitFor();
  expect(await page.getByRole("list", { name: "Probability of each emotion" }).count()).toBe(0);
  await page.getByText("There is nothing on it: no voice was heard.").waitFor();
  await page.context().close();
});

withBrowser(`what is no sound is refused in words, and can be taken away${none}`, async () => {
  const page = await pages.open("#/");
  await choose(page).setInputFiles(wav("letter.wav", Buffer.from("Dear Sir or Madam")));
  await page
    .getByRole("alert")
    .getByText(/could not be analysed/)
    .waitFor();
  // A service that needs longer than a request waits (its decoder is still starting) has a recording of it by then.
  if (page.url().includes("/recordings/")) {
    await page.getByRole("button", { name: "Delete" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Delete" }).click();
  } else {
    await page.getByText(/letter\.wav could not be analysed/).waitFor();
    await page.getByRole("button", { name: "Try again" }).click();
    await page.getByRole("alert").waitFor();
    await page.getByRole("button", { name: "Remove from this list" }).click();
  }
  await page.getByRole("heading", { name: "How does a voice sound?" }).waitFor();
  await page.context().close();
});

withBrowser(`several files dropped: those with sound, each with its answer${none}`, async () => {
  const page = await pages.open("#/");
  await page.getByText("Drop recordings here").waitFor();
  const bytes = [...SILENCE.buffer];
  await give(page, "drop", [
    { name: "one.wav", type: "audio/wav", bytes },
    { name: "two.wav", type: "audio/wav", bytes },
    { name: "notes.txt", type: "text/plain", bytes: [65] },
  ]);
  await page.getByText("1 file without sound left out.").waitFor();
  await page.getByRole("link", { name: "Open one.wav" }).waitFor();
  await page.getByRole("link", { name: "Open two.wav" }).click();
  await page.getByRole("heading", { level: 1, name: "two.wav" }).waitFor();
  await page.goBack();
  // The list outlives the look at one of them.
  await page.getByRole("link", { name: "Open one.wav" }).waitFor();
  await page.context().close();
});

withBrowser(`a pasted file leads to its answer${none}`, async () => {
  const page = await pages.open("#/");
  await page.getByText("Drop recordings here").waitFor();
  await give(page, "paste", [{ name: "pasted.wav", type: "audio/wav", bytes: [...SILENCE.buffer] }]);
  await openedId(page);
  await page.getByRole("heading", { level: 1, name: "pasted.wav" }).waitFor();
  await page.context().close();
});

withBrowser(
  `a long recording shows how far it is, then its answer, without being asked${none}`,
  async () => {
    const page = await pages.open("#/");
    const buzz = wav(
      "long.wav",
      sound(120, (i) => 0.4 * Math.sin(i / 9) * Math.sin(i / 4000)),
    );
    await choose(page).setInputFiles(buzz);
    await page.getByRole("progressbar").waitFor();
    await openedId(page);
    await word(page).getByRole("heading").waitFor({ timeout: 30_000 });
    await page.getByRole("slider", { name: "Position" }).waitFor();
    await page.context().close();
  },
  60_000,
);

withBrowser(`the person's own answer is kept, deleting deletes${none}`, async () => {
  const { page, id } = await answered();
  await page.getByRole("radio", { name: "Happy" }).focus();
  await page.keyboard.press(" ");
  await until(async () => (await pages.service.get(`/recordings/${id}`)).label === "happy");
  await page.getByText("Kept: you hear happy.").waitFor();
  await page.getByRole("button", { name: "Delete" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Cancel" }).click();
  await page.getByRole("button", { name: "Delete" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Delete" }).click();
  await page.getByRole("heading", { name: "How does a voice sound?" }).waitFor();
  expect((await pages.service.call(`/api/v1/recordings/${id}`)).status).toBe(404);
  await page.goto(`${pages.service.address}#/recordings/${id}`);
  await page.getByRole("heading", { name: "The recording could not be loaded" }).waitFor();
  await page.context().close();
});

withBrowser(`another page's deletion is seen here${none}`, async () => {
  const { page, id } = await answered();
  await page.waitForFunction(() => document.querySelector('[data-connection="online"]'));
  await pages.service.send("DELETE", `/recordings/${id}`);
  await page.getByRole("heading", { name: "How does a voice sound?" }).waitFor();
  await page.context().close();
});

withBrowser(`keyboard alone: the skip link leads past the navigation${none}`, async () => {
  const page = await pages.open("#/");
  await page.getByText("Drop recordings here").waitFor();
  await page.keyboard.press("Tab");
  expect(await page.evaluate(() => document.activeElement?.textContent)).toBe("Skip to the content");
  await page.keyboard.press("Enter");
  await page.keyboard.press("Tab");
  expect(await page.evaluate(() => document.activeElement?.textContent)).toBe("Choose files");
  await page.context().close();
});

withBrowser(`first load: script and style of at most 120 kB${none}`, async () => {
  const page = await pages.open("#/");
  await page.getByRole("button", { name: "Choose files" }).waitFor();
  const bytes = await page.evaluate(() =>
    performance
      .getEntriesByType("resource")
      .filter((entry) => /\.(js|css)$/.test(entry.name))
      .reduce((sum, entry) => sum + (entry as PerformanceResourceTiming).encodedBodySize, 0),
  );
  expect(bytes).toBeGreaterThan(20_000);
  expect(bytes).toBeLessThanOrEqual(120_000);
  await page.context().close();
});

withBrowser(`from the choice of a short file to its answer, warm: 300 ms${none}`, async () => {
  const page = await pages.open("#/");
  const times: number[] = [];
  for (let turn = 0; turn < 8; turn++) {
    await page.goto(`${pages.service.address}#/`);
    await page.getByRole("button", { name: "Choose files" }).waitFor();
    const time = page.evaluate(
      () =>
        new Promise<number>((done) => {
          let from = 0;
          document.querySelector("input[type=file]")!.addEventListener(
            "change",
            () => {
              from = performance.now();
            },
            { capture: true, once: true },
          );
          const watch = new MutationObserver(() => {
            if (!document.body.textContent?.includes("All it weighed")) return;
            watch.disconnect();
            requestAnimationFrame(() => done(performance.now() - from));
          });
          watch.observe(document.body, { childList: true, subtree: true });
        }),
    );
    await choose(page).setInputFiles(SAMPLE);
    times.push(await time);
  }
  expect(Math.min(...times)).toBeLessThan(300);
  await page.context().close();
});

withBrowser(
  `home and a missing recording: axe, every width, both themes${none}`,
  async () => {
    await holdEverywhere(pages, "#/", (page) => page.getByText("Hears worst").waitFor());
    await holdEverywhere(pages, "#/recordings/none", (page) => page.getByRole("alert").waitFor());
  },
  120_000,
);

withBrowser(
  `a sure and an uncertain answer: axe, every width, both themes${none}`,
  async () => {
    const { page, id } = await answered();
    await choose(page).setInputFiles(SILENCE);
    await page.getByRole("heading", { level: 1, name: "silence.wav" }).waitFor();
    const uncertain = await openedId(page);
    await page.context().close();
    const ready = async (one: Page) => {
      await position(one).waitFor();
      await one.getByText("Hears worst").waitFor();
      await one.getByText("How to read this").click();
    };
    await holdEverywhere(pages, `#/recordings/${id}`, ready);
    await holdEverywhere(pages, `#/recordings/${uncertain}`, ready);
  },
  120_000,
);

withBrowser(`a service that goes away is said, and nothing moves${none}`, async () => {
  const { page } = await answered();
  await page.waitForFunction(() => document.querySelector('[data-connection="online"]'));
  await position(page).waitFor();
  const place = await page.getByRole("heading", { level: 1 }).boundingBox();
  await pages.service.service.stop();
  await page.getByText("The service cannot be reached. Trying again…").waitFor();
  expect(await page.getByRole("heading", { level: 1 }).boundingBox()).toEqual(place);
  await holdToAccess(page, "offline");
  await page.goto(`${page.url().split("#")[0]}#/`);
  await choose(page).setInputFiles(SAMPLE);
  await page
    .getByRole("alert")
    .getByText(/cannot be reached/)
    .waitFor();
  await page.context().close();
});

withBrowser(`a service with a token asks for it once${none}`, async () => {
  const token = "a token that is long enough";
  const locked = await startPage({ token });
  try {
    const page = await locked.open("#/history");
    await page.getByRole("heading", { name: "This service asks for its token" }).waitFor();
    await holdToAccess(page, "token");
    await page.getByLabel("Token").fill("wrong");
    await page.getByRole("button", { name: "Open" }).click();
    await page.getByText("That is not the token of this service.").waitFor();
    await page.getByLabel("Token").fill(token);
    await page.getByRole("button", { name: "Open" }).click();
    await page.waitForFunction(() => document.querySelector('[data-connection="online"]'));
    await page.reload();
    await page.getByRole("heading", { name: "History" }).waitFor();
    expect(await page.getByLabel("Token").count()).toBe(0);
  } finally {
    await locked.end();
  }
});
