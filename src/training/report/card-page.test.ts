import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { readModelFile } from "../../recognizer/index.node.ts";
import { type ModelCard, type ScoreCard, unknownCard } from "../../speech/index.ts";
import { cardPage } from "./index.ts";

function scored(changes: Partial<ScoreCard>): ScoreCard {
  return {
    protocol: "random split",
    heldOut: "560 clips at random",
    corpus: "tess",
    clips: 560,
    wa: 556 / 560,
    uar: 0.993,
    recall: { angry: 1, sad: 0.9875 },
    low: 0.9839,
    high: 0.9982,
    ece: 0.0123,
    warnings: [],
    ...changes,
  };
}

const CARD: ModelCard = {
  ...unknownCard("tess-lstm"),
  version: "1",
  emotions: ["angry", "happy", "sad"],
  features: "40 MFCC",
  architecture: "LSTM(128) x 2",
  parameters: 230151,
  corpora: [
    {
      name: "tess",
      licence: "CC BY-NC-ND 4.0",
      speakers: 2,
      clips: 2240,
      languages: ["en"],
      voices: ["tess/OAF", "tess/YAF"],
    },
  ],
  scores: [
    scored({ warnings: ["2 speakers stand on both sides: this is no score on unseen voices"] }),
    scored({
      protocol: "unseen speaker",
      heldOut: "tess/YAF",
      clips: 1120,
      wa: 0.5946,
      uar: 0.55,
      low: 0.5661,
      high: 0.6232,
      ece: 0.182,
      recall: { angry: 0.98, sad: 0.12 },
    }),
  ],
  threshold: 0.55,
  training: { command: "undertone train tess-lstm --data data", commit: "abc1234", seed: 7 },
  licence: "MIT",
};

/** Under a heading, up to the next of its level. */
function section(page: string, heading: string): string {
  return page.split(`\n## ${heading}\n`)[1]!.split("\n## ")[0]!;
}

describe("the page of a model", () => {
  const page = cardPage(CARD);

  test("says first that it hears how a voice sounds, not what is felt", () => {
    expect(page).toMatch(/^# tess-lstm 1\n/);
    expect(page.indexOf("How it sounds, not what is felt")).toBeLessThan(page.indexOf("99.29 %"));
    expect(page).toContain("Art. 5(1)(f)");
  });

  test("gives each score with what was held out first, and its interval", () => {
    expect(section(page, "Scores")).toContain(
      "| tess/YAF | unseen speaker | tess | 1,120 | 59.46 % | 56.61–62.32 % | 55.00 % | 18.20 % |",
    );
    expect(section(page, "Scores")).toContain(
      "| 560 clips at random | random split | tess | 560 | 99.29 % | 98.39–99.82 % | 99.30 % | 1.23 % |",
    );
    expect(section(page, "Scores")).toContain("| tess/YAF | unseen speaker | 98.0 % | – | 12.0 % |");
    expect(section(page, "Scores")).toContain(
      "2 speakers stand on both sides: this is no score on unseen voices.",
    );
  });

  test("derives the weaknesses from the card", () => {
    expect(section(page, "Known weaknesses").trim().split("\n")).toEqual([
      "- It was trained on 2 voices only.",
      "- It was trained on one language only (en).",
      "- Right for 99.29 % of clips of voices that it knows (random split), for 59.46 % of a voice that it never heard (unseen speaker, tess/YAF).",
      "- Heard worst (unseen speaker, tess/YAF): sad 12.0 %; the mean of all is 55.0 %.",
      "- Never measured: happy.",
      "- Its confidence is wrong by 18.2 points on average (unseen speaker, tess/YAF).",
      "- A voice, language, microphone or room unlike those of its corpora may be heard wrongly, and with confidence.",
    ]);
  });

  test("explains every protocol of the shipped model, each once, whatever its folds are called", () => {
    const { card } = readModelFile(readFileSync("models/universal.onnx"), "universal.onnx");
    const page = cardPage(card);
    expect(section(page, "Scores").match(/^- [^:]*: Nothing of the corpus .*? used/gm)).toEqual([
      "- **unseen corpus**: Nothing of the corpus that was measured was used",
      "- **unseen corpus and language**: Nothing of the corpus that was measured, nor of its language, was used",
    ]);
    const worst = card.scores.filter(({ corpus }) => corpus === "emotiontts");
    const known = scored({ wa: 0.9 });
    expect(section(cardPage({ ...card, scores: [known, ...worst] }), "Known weaknesses")).toContain(
      "of a voice that it never heard (unseen corpus and language, emotiontts)",
    );
  });

  test("tells corpora, the file's inputs and outputs, the threshold and how it was made", () => {
    expect(section(page, "Trained on")).toContain(
      "| tess | CC BY-NC-ND 4.0 | en | tess/OAF, tess/YAF | 2 | 2,240 |",
    );
    const names = [...section(page, "Inputs and outputs").matchAll(/^\| (in|out) \| `(\w+)`/gm)];
    expect(names.map(([, way, name]) => `${way} ${name}`)).toEqual([
      "in audio",
      "in voice",
      "out probabilities",
      "out attention",
      "out embedding",
      "out voice_features",
    ]);
    expect(section(page, "Inputs and outputs")).toContain(
      "float32 [batch, 3] | angry, happy, sad, in this order",
    );
    expect(page).toContain("| Answers when | its confidence is at least 55 %; below that: “uncertain” |");
    expect(section(page, "How it was made")).toContain("```sh\nundertone train tess-lstm --data data\n```");
    expect(section(page, "How it was made")).toContain("Commit `abc1234`, seed `7`.");
    expect(section(page, "Licence")).toContain("Of the weights: MIT.");
  });

  test("tables keep their columns", () => {
    for (const table of page.matchAll(/(?:^\|.*\n)+/gm)) {
      const widths = table[0]
        .trim()
        .split("\n")
        .map((row) => row.split(/(?<!\\)\|/).length);
      expect(new Set(widths).size).toBe(1);
    }
  });
});

test("what is not known is said to be unknown", () => {
  const page = cardPage(unknownCard("other"));
  expect(page).toMatch(/^# other\n/);
  for (const heading of ["Scores", "Trained on", "How it was made"]) {
    expect(section(page, heading).trim()).toBe("Not known.");
  }
  expect(section(page, "Known weaknesses")).toContain("- What it was trained on is not known.");
  expect(section(page, "Known weaknesses")).toContain(
    "- How it does on a voice that it never heard is not known.",
  );
  expect(section(page, "Known weaknesses")).toContain("no threshold is set");
  expect(page).not.toMatch(/null|undefined|NaN/);
});

test("names can bring no markup, no HTML and no column of their own", () => {
  const hostile = "a|b `c` *d* <script>e</script>\n# f";
  const page = cardPage({
    ...CARD,
    name: hostile,
    licence: hostile,
    scores: [scored({ heldOut: hostile })],
    training: { command: "x ``` y", commit: "a`b", seed: 1 },
  });
  const shown = "a\\|b \\`c\\` \\*d\\* &lt;script&gt;e&lt;/script&gt; \\# f";
  expect(page.split("\n")[0]).toBe(`# ${shown} 1`);
  expect(page).toContain(`| ${shown} | random split | tess |`);
  expect(page).not.toContain("<script>");
  expect(page).toContain("````sh\nx ``` y\n````");
  expect(page).toContain("Commit ``a`b``, seed `1`.");
});
