import { describe, expect, test } from "vitest";
import { EMOTIONS, USE_NOTICE } from "../../speech/index.ts";
import { type Score, score } from "../metrics.ts";
import { type EpochRecord, type RunReport, runReport } from "./index.ts";

const VOID = new Set(["meta", "link", "path", "br"]);

/** Every element of strict, well-formed HTML; throws at the first thing that a browser would have to guess. */
function elementsOf(page: string): { tag: string; attributes: Map<string, string>; text: string }[] {
  const elements: { tag: string; attributes: Map<string, string>; text: string }[] = [];
  const open: typeof elements = [];
  let rest = page.replace(/^<!doctype html>\n/, "");
  expect(rest).not.toBe(page);
  while (rest !== "") {
    const text = /^[^<]+/.exec(rest)?.[0];
    if (text !== undefined) {
      if (open.at(-1)?.tag !== "style" && /[>]|&(?!(amp|lt|gt|quot|#39);)/.test(text))
        throw new Error(`not escaped: ${text}`);
      for (const element of open) element.text += text;
      rest = rest.slice(text.length);
      continue;
    }
    const found = /^<(\/?)([a-z][a-z0-9]*)((?: [a-zA-Z-]+="[^"<>]*")*)(\/?)>/.exec(rest);
    if (!found) throw new Error(`no tag: ${rest.slice(0, 80)}`);
    const [all, close, tag, list, selfClosed] = found;
    rest = rest.slice(all.length);
    if (close) {
      const last = open.pop();
      if (last?.tag !== tag) throw new Error(`</${tag}> closes <${last?.tag}>`);
      continue;
    }
    const attributes = new Map<string, string>();
    for (const [, name, value] of list!.matchAll(/ ([a-zA-Z-]+)="([^"]*)"/g)) {
      if (attributes.has(name!)) throw new Error(`<${tag}> has ${name} twice`);
      attributes.set(name!, value!);
    }
    const element = { tag: tag!, attributes, text: "" };
    elements.push(element);
    if (!VOID.has(tag!) && !selfClosed) open.push(element);
  }
  if (open.length > 0) throw new Error(`<${open.at(-1)!.tag}> stays open`);
  return elements;
}

/** 560 clips, 80 of each emotion: 3 disgust taken for angry, 1 happy for surprise; all else right: 556. */
function nearlyPerfect(): Score {
  const truth: number[] = [];
  const probabilities: number[][] = [];
  for (let i = 0; i < 560; i++) {
    const t = i % 7;
    const answer = t === 1 && i < 21 ? 0 : t === 3 && i < 7 ? 6 : t;
    truth.push(t);
    probabilities.push(EMOTIONS.map((_, k) => (k === answer ? 0.94 : 0.01)));
  }
  return score({ truth, probabilities, labels: EMOTIONS });
}

const epoch = (n: number, changes: Partial<EpochRecord> = {}): EpochRecord => ({
  epoch: n,
  trainLoss: 2 / n,
  trainAccuracy: 0.9,
  validationLoss: 2.5 / n,
  validationAccuracy: 0.8,
  validationUar: 0.7,
  learningRate: 0.001,
  seconds: 4.25,
  clipsPerSecond: 612.4,
  best: false,
  gradientNorm: 1.5,
  ...changes,
});

function sample(changes: Partial<RunReport> = {}): RunReport {
  return {
    title: "tess-lstm, seed 1",
    recipe: "tess-lstm",
    command: "undertone train tess-lstm --data data --seed 1",
    startedAt: "2026-11-03T14:05:09.123Z",
    seconds: 187.4,
    machine: "2 cores",
    config: { epochs: 50, features: { kind: "mfcc", mels: [40, 80] }, none: null },
    corpora: [{ name: "tess", clips: 2240, speakers: 2, licence: "CC BY-NC-ND 4.0" }],
    split: {
      protocol: "random split",
      heldOut: "560 clips at random",
      train: 1456,
      validation: 224,
      test: 560,
      warnings: ["2 speakers stand on both sides (tess/OAF, tess/YAF): this is no score on unseen voices"],
    },
    history: [
      epoch(1),
      epoch(2, { best: true }),
      epoch(3, { validationAccuracy: 0.9874, trainLoss: 0.03121, best: true }),
      epoch(4),
    ],
    validation: score({
      truth: [0, 1],
      probabilities: [
        [1, 0],
        [0, 1],
      ],
      labels: ["angry", "sad"],
    }),
    test: nearlyPerfect(),
    emotions: [...EMOTIONS],
    problems: [],
    notice: USE_NOTICE,
    ...changes,
  };
}

/** The text of each row of the tables, cells apart by `|`. */
function rowsOf(page: string): string[] {
  return [...page.matchAll(/<tr[^>]*>(.*?)<\/tr>/gs)].map(([, row]) =>
    row!
      .replace(/<\/t[hd]>/g, "|")
      .replace(/<[^>]+>/g, " ")
      .replace(/\s+/g, " ")
      .replace(/ ?\| ?/g, "|")
      .trim(),
  );
}

describe("the page", () => {
  test("is well-formed, with ids of its own that every reference finds", () => {
    const elements = elementsOf(runReport(sample()));
    const ids = elements.flatMap(({ attributes }) => attributes.get("id") ?? []);
    expect(new Set(ids).size).toBe(ids.length);
    const references = elements.flatMap(
      ({ attributes }) => attributes.get("aria-labelledby")?.split(" ") ?? [],
    );
    expect(references.length).toBe(8);
    expect(ids).toEqual(expect.arrayContaining(references));
  });

  test("needs nothing else: no script, no address, and a policy that forbids both", () => {
    const page = runReport(sample());
    const elements = elementsOf(page);
    expect(elements.filter(({ tag }) => ["script", "img", "iframe"].includes(tag))).toEqual([]);
    expect(page).not.toMatch(/https?:|url\(|@import| on[a-z]+=/);
    expect(page).toContain(`content="default-src 'none'; style-src 'unsafe-inline'; img-src data:"`);
  });

  test("every table says what its rows and columns are, every chart what it shows", () => {
    const page = runReport(sample());
    for (const [table] of page.matchAll(/<table.*?<\/table>/gs)) {
      expect(table).toContain('<th scope="col"');
      expect(table).toContain('<th scope="row"');
    }
    const charts = [...page.matchAll(/<svg[^>]*role="img".*?<\/svg>/gs)].map(([svg]) => svg);
    expect(charts).toHaveLength(4);
    for (const svg of charts) expect(svg).toMatch(/<title[^>]*>\S.*<\/title>\s*<desc[^>]*>\S.*<\/desc>/s);
    expect(charts[0]).toContain("training: 2 at epoch 1, 0.5 at epoch 4; validation: 2.5 at epoch 1");
    expect(charts[0]).toContain("Best epoch: 3.");
  });

  test("escapes names in text, attributes and title, and draws their control characters", () => {
    const hostile = `"><script>alert('1')</script>&amp;\u0000\u001b[31m\u202e.wav`;
    const page = runReport(
      sample({
        title: hostile,
        recipe: hostile,
        command: hostile,
        startedAt: hostile,
        machine: hostile,
        notice: hostile,
        config: { [hostile]: hostile, list: [hostile] },
        corpora: [{ name: hostile, clips: 1, speakers: 1, licence: hostile }],
        split: { protocol: hostile, heldOut: hostile, train: 1, validation: 1, test: 1, warnings: [hostile] },
        problems: [{ file: hostile, message: hostile }],
        emotions: [hostile],
        validation: score({
          truth: [0, 1],
          probabilities: [
            [1, 0],
            [1, 0],
          ],
          labels: [hostile, "sad"],
        }),
        test: undefined,
      }),
    );
    const elements = elementsOf(page);
    expect(elements.filter(({ tag }) => tag === "script")).toEqual([]);
    const name =
      "&quot;&gt;&lt;script&gt;alert(&#39;1&#39;)&lt;/script&gt;&amp;amp;\u2400\u241b[31m\u202e.wav";
    expect(elements.find(({ tag }) => tag === "bdi")!.text).toBe(name);
    expect(elements.find(({ tag }) => tag === "time")!.attributes.get("datetime")).toBe(name);
  });
});

describe("what it says", () => {
  test("the score is the one given, with its clips, its interval and chance", () => {
    const run = sample({ test: { ...nearlyPerfect(), low: 0.9839, high: 0.9982 } });
    const page = runReport(run);
    expect(page).toContain('<span class="big">99.29 %</span>');
    expect(page).toContain("<b>556 of 560</b> clips right");
    expect(page).toContain("95 % interval <b>98.39–99.82 %</b>");
    expect(page).toContain("chance 14.3 %");
    expect(rowsOf(page)).toContain("Accuracy (WA)|99.29 %|100 %|");
    expect(rowsOf(page)).toContain("Clips|560|2|");
  });

  test("recall, the lowest named, and what was taken for what", () => {
    const rows = rowsOf(runReport(sample()));
    expect(rows).toContain("disgust lowest||96.3 % 77 of 80|angry 3 clips|");
    expect(rows).toContain("fear||100 % 80 of 80|–|");
    expect(rows).toContain("disgust|3 3.8|77 96.3|0|0|0|0|0|80|");
    expect(runReport(sample())).toContain(
      "<b>disgust</b> taken for <b>angry</b>: 3 clips, <b>3.8 %</b> of disgust",
    );
  });

  test("every epoch in numbers, the last best one as the kept one", () => {
    const rows = rowsOf(runReport(sample()));
    expect(rows).toContain("3 kept|0.03121|0.8333|90.00 %|98.74 %|70.00 %|0.001|1.5|612|4.3 s|");
    expect(rows.filter((row) => /^\d+ kept\|/.test(row))).toHaveLength(1);
    expect(runReport(sample())).toContain("<dd>epoch 3</dd>");
  });

  test("a random split says in words that it is no score of other voices, before its warnings", () => {
    const page = runReport(sample());
    const box = /<div class="warn">.*?<\/div>/s.exec(page)![0];
    expect(box).toContain("it says nothing about other voices.</li>");
    expect(box).toContain("this is no score on unseen voices.</li>");
    expect(box).not.toContain("flatters");
  });

  test("without a test part it says that the score flatters, and which emotions were not measured", () => {
    const page = runReport(sample({ test: undefined }));
    expect(page).toContain("so the score flatters.</li>");
    expect(page).toContain("No clips of disgust, fear, happy, neutral, surprise: neither measured");
    expect(page).toContain('<span class="big">100 %</span>');
  });

  test("a clean split on a new voice warns of nothing", () => {
    const split = {
      protocol: "unseen speaker",
      heldOut: "tess/YAF",
      train: 1,
      validation: 1,
      test: 560,
      warnings: [],
    };
    const page = runReport(sample({ split }));
    expect(page).not.toContain('<div class="warn">');
    expect(page).toContain("Held out: tess/YAF. No clip of the voice that was measured was used in training");
    expect(page).toContain("No speaker, sentence or recording is known to stand on both sides.");
  });

  test("settings by their path, corpora with licences, the notice", () => {
    const rows = rowsOf(runReport(sample()));
    expect(rows).toContain("features.kind|mfcc|");
    expect(rows).toContain("features.mels|[40,80]|");
    expect(rows).toContain("none|null|");
    expect(rows).toContain("tess|2,240|2|CC BY-NC-ND 4.0|");
    expect(runReport(sample())).toContain(`<footer><p>${USE_NOTICE}</p></footer>`);
  });

  test("lists 500 files that were left out and counts the rest", () => {
    const problems = Array.from({ length: 10000 }, (_, i) => ({ file: `clip-${i}.wav`, message: "empty" }));
    const page = runReport(sample({ problems }));
    expect(page).toContain("10,000 files were not used");
    expect(rowsOf(page).filter((row) => row.endsWith(".wav|empty|"))).toHaveLength(500);
    expect(page).toContain("And 9,500 more.");
  });
});

describe("a run that learned from a teacher", () => {
  const own = { taught: true, shared: false, tuned: false };
  const rows = (encoder: RunReport["encoder"]) => rowsOf(runReport(sample({ encoder })));
  const training = (encoder: RunReport["encoder"]) =>
    rows(encoder)
      .find((row) => row.startsWith("Training|1,456"))!
      .split("|")[2];

  test("says what the encoder and what the heads learned from", () => {
    expect(training(own)).toBe(
      "the encoder learned from it without labels; the heads were fitted to its labels",
    );
    expect(training({ ...own, shared: true })).toBe(
      "the encoder learned without labels, from clips that several runs share; the heads were fitted to its labels",
    );
    expect(training({ ...own, tuned: true })).toContain(
      "without labels; the encoder went on with its labels;",
    );
    expect(training({ ...own, taught: false, tuned: true })).toBe(
      "the encoder learned from its labels; the heads were fitted to its labels",
    );
  });

  test("claims no choice of an epoch: validation voices set limits, and heads learned from them too", () => {
    expect(rows(undefined)).toContain("Validation|224|chose the epoch that was kept|");
    const [validation] = rows(own).filter((row) => row.startsWith("Validation|224"));
    expect(validation).toMatch(/chose no epoch: .* how sure .*; then the heads were fitted to it too\|$/);
    const unmeasured = runReport(sample({ encoder: own, test: undefined }));
    expect(unmeasured).toContain("No clip was held out: these clips helped to say when the model answers");
    expect(unmeasured).not.toContain("flatters");
  });
});

describe("a run without labels", () => {
  const nothing = {
    trainAccuracy: null,
    validationLoss: null,
    validationAccuracy: null,
    validationUar: null,
  };
  const history = [epoch(1, { ...nothing, best: true }), epoch(2, { ...nothing, best: true })];
  const page = runReport(sample({ history, config: { epochs: 2 } }));

  test("has the curves and columns of what was measured, and no others", () => {
    const elements = elementsOf(page);
    const charts = [...page.matchAll(/<svg[^>]*role="img".*?<\/svg>/gs)].map(([svg]) => svg);
    expect(charts).toHaveLength(3);
    expect(charts[0]).toContain("training: 2 at epoch 1, 1 at epoch 2");
    expect(charts[0]).not.toContain("validation");
    expect(page).not.toContain("Accuracy and mean recall");
    const ids = elements.flatMap(({ attributes }) => attributes.get("id") ?? []);
    expect(ids.filter((id) => id.startsWith("accuracy"))).toEqual([]);
    const rows = rowsOf(page);
    expect(rows).toContain("Epoch|Loss|Rate|Gradient|Clips/s|Time|");
    expect(rows).toContain("2 kept|1|0.001|1.5|612|4.3 s|");
  });

  test("draws and says no number that there is not", () => {
    expect(page).not.toMatch(/null|NaN|undefined/);
  });
});

describe("runs that went wrong", () => {
  test("a diverged run is told as such, and draws no number that is none", () => {
    const history = [epoch(1), epoch(2, { trainLoss: NaN, validationLoss: Infinity }), epoch(3)];
    const page = runReport(sample({ history }));
    elementsOf(page);
    expect(page).toContain("From epoch 2 on the training loss is no number: the run diverged.");
    for (const [, path] of page.matchAll(/ d="([^"]*)"/g)) expect(path).not.toMatch(/NaN|Infinity/);
    const training = /<path class="line dashed" d="([^"]*)"\/>\n/.exec(page)![1]!;
    expect(training.match(/M/g)).toHaveLength(2);
  });

  test.each([
    ["no epoch", []],
    ["one epoch", [epoch(1, { best: true })]],
    ["nothing but ones", [epoch(1, { trainAccuracy: 1, validationAccuracy: 1, validationUar: 1 })]],
    ["no number at all", [epoch(1, { trainLoss: NaN, validationLoss: NaN, gradientNorm: NaN })]],
  ])("%s", (_, history) => {
    const page = runReport(sample({ history }));
    elementsOf(page);
    for (const [, place] of page.matchAll(/(?: d|style)="([^"]*)"/g))
      expect(place).not.toMatch(/NaN|Infinity/);
  });
});
