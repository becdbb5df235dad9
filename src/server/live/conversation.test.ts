// Tests of a live conversation without a socket: what is said to what, and each limit, on a clock of the test's own.
import { expect, test } from "vitest";
import type { LiveSession } from "../analyst.ts";
import type { LiveMessage, Recording } from "../contract.ts";
import { Refusal } from "../refusal.ts";
import { Conversation, type LiveLimits } from "./conversation.ts";

const RECORDING = { id: "r1" } as Recording;
const LIMITS: LiveLimits = { seconds: 5, block: 1, ahead: 2, behind: 1 };

/** A service whose ear gives one estimate a block; `hold` keeps it from answering. */
function scene(limits: Partial<LiveLimits> = {}, push?: LiveSession["push"]) {
  const said: LiveMessage[] = [];
  const kept: { samples: Float32Array; name: string; model: string }[] = [];
  const state = { now: 0, hungUp: null as null | "wrong" | "done", sessions: 0 };
  const session: LiveSession = {
    hop: 0.1,
    emotions: ["happy", "sad"],
    push:
      push ??
      (async (block) => [
        {
          time: block.length / 16_000,
          level: -20,
          speech: true,
          emotion: "sad",
          confidence: 1,
          probabilities: null,
        },
      ]),
    close: async () => {
      state.sessions--;
    },
  };
  const conversation = new Conversation(
    {
      analyst: {
        live: async () => {
          state.sessions++;
          return session;
        },
      },
      models: async (name = "first") => {
        if (name === "none") throw new Refusal(404, "no-model", "There is no model.");
        return { name, path: `/models/${name}.onnx` };
      },
      keep: async (samples, name, model) => {
        if (name === "full") throw Object.assign(new Error("no space"), { code: "ENOSPC" });
        kept.push({ samples, name, model });
        return RECORDING;
      },
      limits: { ...LIMITS, ...limits },
    },
    {
      say: (message) => said.push(message),
      hangUp: (wasWrong) => {
        state.hungUp = wasWrong ? "wrong" : "done";
      },
    },
    () => state.now,
  );
  return { conversation, said, kept, state };
}

const bytes = (...samples: number[]) => new Uint8Array(Float32Array.from(samples).buffer);
const second = (value = 0.5) => bytes(...new Array(16_000).fill(value));
const start = JSON.stringify({ type: "start", model: "mine" });
const keep = JSON.stringify({ type: "stop", keep: true, name: "talk" });

test("start, sound, stop: ready, estimates, and the very samples are kept", async () => {
  const { conversation, said, kept, state } = scene();
  await conversation.text(start);
  // A message may begin anywhere in its buffer.
  await conversation.bytes(new Uint8Array([9, ...bytes(0.25, -0.5)]).subarray(1));
  await conversation.bytes(bytes(1));
  await conversation.text(keep);
  expect(said.map(({ type }) => type)).toEqual(["ready", "estimate", "estimate", "kept"]);
  expect(said[0]).toEqual({ type: "ready", model: "mine", emotions: ["happy", "sad"], hop: 0.1 });
  expect(said[1]).toMatchObject({ time: 2 / 16_000, emotion: "sad" });
  expect(kept).toEqual([{ samples: Float32Array.of(0.25, -0.5, 1), name: "talk", model: "mine" }]);
  expect(state).toMatchObject({ hungUp: "done", sessions: 0 });
});

test("sound may come before the model is ready, and is heard in order", async () => {
  const { conversation, said, kept } = scene();
  await Promise.all([
    conversation.text('{"type":"start"}'),
    conversation.bytes(bytes(1)),
    conversation.bytes(bytes(2)),
  ]);
  await conversation.text('{"type":"stop","keep":true}');
  expect(said.map(({ type }) => type)).toEqual(["ready", "estimate", "estimate", "kept"]);
  expect(kept).toEqual([{ samples: Float32Array.of(1, 2), name: "live.wav", model: "first" }]);
});

test("let go: nothing is kept; nothing said, nothing to keep", async () => {
  const { conversation, said, kept, state } = scene();
  await conversation.text(start);
  await conversation.bytes(second());
  await conversation.text('{"type":"stop","keep":false}');
  expect(said.at(-1)).toEqual({ type: "dropped" });
  const silent = scene();
  await silent.conversation.text(start);
  await silent.conversation.text(keep);
  expect(silent.said.at(-1)).toMatchObject({ type: "error", code: "empty-audio" });
  expect([...kept, ...silent.kept]).toEqual([]);
  expect([state.hungUp, silent.state.hungUp]).toEqual(["done", "done"]);
});

test("a client that goes away without a word: nothing is kept, the session is let go", async () => {
  const { conversation, said, kept, state } = scene();
  await conversation.text(start);
  await conversation.bytes(second());
  await conversation.end();
  await conversation.bytes(second());
  await conversation.text(keep);
  expect([kept, said.length, state.sessions]).toEqual([[], 2, 0]);
});

test("gone right after it asked to keep: it is kept all the same", async () => {
  const { conversation, kept } = scene();
  await conversation.text(start);
  await conversation.bytes(bytes(1, 2, 3));
  await Promise.all([conversation.text(keep), conversation.end()]);
  expect(kept[0]!.samples).toEqual(Float32Array.of(1, 2, 3));
});

test("stopped before the model was ready: what came until then is kept; where there is no model, that is said", async () => {
  const { conversation, said, kept } = scene();
  await Promise.all([conversation.text(start), conversation.bytes(bytes(1, 2)), conversation.text(keep)]);
  expect(said).toEqual([{ type: "kept", recording: RECORDING }]);
  expect(kept[0]!.samples).toEqual(Float32Array.of(1, 2));
  const without = scene();
  const none = '{"type":"start","model":"none"}';
  await Promise.all([
    without.conversation.text(none),
    without.conversation.bytes(bytes(1)),
    without.conversation.text(keep),
  ]);
  expect(without.said).toMatchObject([{ type: "error", code: "no-model" }]);
  expect([without.kept, without.state.hungUp]).toEqual([[], "done"]);
});

test.each([
  ["no JSON", "hello", "bad-message"],
  ["no start", '{"type":"stop","keep":true}', "bad-message"],
  ["another model's name", '{"type":"start","model":"none"}', "no-model"],
])("a beginning that is none: %s", async (_, message, code) => {
  const { conversation, said, state } = scene();
  await conversation.text(message);
  expect(said).toMatchObject([{ type: "error", code }]);
  expect(state).toMatchObject({ hungUp: code === "no-model" ? "done" : "wrong", sessions: 0 });
});

test("sound before the start is refused", async () => {
  const { conversation, said, state } = scene();
  await conversation.bytes(second());
  expect(said).toMatchObject([{ type: "error", code: "not-started" }]);
  expect(state.hungUp).toBe("wrong");
});

test.each([
  ["no samples", new Uint8Array(0), /0 bytes/],
  ["a part of a sample", new Uint8Array(7), /7 bytes/],
  ["more than a second", new Uint8Array(64_004), /64004 bytes, expected float32 samples: 4 to 64000 bytes/],
  ["no number", bytes(0, Number.NaN), /no number/],
  ["infinite", bytes(Number.NEGATIVE_INFINITY), /no number/],
])("a block that is none: %s", async (_, block, message) => {
  const { conversation, said, kept, state } = scene();
  await conversation.text(start);
  await conversation.bytes(block);
  expect(said.at(-1)).toMatchObject({
    type: "error",
    code: "bad-block",
    message: expect.stringMatching(message),
  });
  await conversation.text(keep);
  expect([kept, state.hungUp]).toEqual([[], "wrong"]);
});

test("a client may be ahead of the clock as far as a stalled network lets it, and no further", async () => {
  const { conversation, said, state } = scene();
  await conversation.text(start);
  await conversation.bytes(second());
  await conversation.bytes(second());
  state.now = 900;
  expect(said.length).toBe(3);
  state.now = 1_000;
  await conversation.bytes(second());
  expect(said.at(-1)).toMatchObject({ type: "estimate" });
  await conversation.bytes(second());
  expect(said.at(-1)).toMatchObject({ type: "error", code: "too-fast" });
  expect(state.hungUp).toBe("wrong");
});

test("after the longest time nothing more is heard, and what was said can be kept", async () => {
  const { conversation, said, kept, state } = scene({ seconds: 3, ahead: 3, behind: 3 });
  await conversation.text(start);
  // Three at once, as after a stall: it is said once.
  await Promise.all([1, 2, 3].map(() => conversation.bytes(second())));
  for (; state.now < 6_000; state.now += 1_000) await conversation.bytes(second());
  expect(said.slice(1).map((message) => ("code" in message ? message.code : message.type))).toEqual([
    // Of the three at once, one of the first, and one of the two that came meanwhile.
    ...["estimate", "estimate", "too-long"],
  ]);
  await conversation.text(keep);
  expect(kept[0]!.samples.length).toBe(48_000);
});

test("an ear that cannot keep up: it is said once, and what was said can be kept", async () => {
  const { promise, resolve } = Promise.withResolvers<[]>();
  const { conversation, said, kept, state } = scene({ behind: 1 }, () => promise);
  await conversation.text(start);
  const heard: Promise<void>[] = [];
  for (let i = 0; i < 4; i++, state.now += 1_000) heard.push(conversation.bytes(second()));
  await heard[3];
  expect(said.slice(1)).toMatchObject([{ type: "error", code: "overloaded" }]);
  resolve([]);
  await Promise.all(heard);
  await conversation.text(keep);
  expect(kept[0]!.samples.length).toBe(64_000);
});

test("an ear that is behind: what came meanwhile is heard at once, in order, for one estimate", async () => {
  const asked: { length: number; first: number; newest?: boolean; answer: () => void }[] = [];
  const { conversation } = scene({}, (block, newest) => {
    const { promise, resolve } = Promise.withResolvers<[]>();
    asked.push({ length: block.length, first: block[0]!, newest, answer: () => resolve([]) });
    return promise;
  });
  await conversation.text(start);
  const heard = [0.125, 0.25, 0.5].map((value) => conversation.bytes(bytes(value, value)));
  await new Promise((go) => setImmediate(go));
  expect(asked).toMatchObject([{ length: 2, first: 0.125, newest: false }]);
  asked[0]!.answer();
  await new Promise((go) => setImmediate(go));
  expect(asked[1]).toMatchObject({ length: 4, first: 0.25, newest: true });
  asked[1]!.answer();
  await Promise.all(heard);
  expect(asked).toHaveLength(2);
});

test("an ear that fails: its reason is said once, and what was said can be kept; a full disk says so", async () => {
  const failing = scene({}, async () => {
    throw new Error("inside");
  });
  await failing.conversation.text(start);
  await failing.conversation.bytes(second());
  await failing.conversation.bytes(second());
  expect(failing.said.slice(1)).toMatchObject([{ type: "error", code: "failed" }]);
  expect(JSON.stringify(failing.said)).not.toContain("inside");
  await failing.conversation.text('{"type":"stop","keep":true,"name":"full"}');
  expect(failing.said.at(-1)).toMatchObject({ type: "error", code: "disk-full" });
  expect(failing.state.hungUp).toBe("done");
});
