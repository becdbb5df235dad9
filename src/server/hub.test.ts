// Tests of events: each change told once, in order, as it is then; and what happens to who was away or reads too slowly.
import { expect, test, vi } from "vitest";
import { until } from "../../test/support/service.ts";
import { Hub } from "./hub.ts";

function reader(stream: NodeJS.ReadableStream) {
  const got = { text: "" };
  stream.on("data", (chunk: Buffer) => {
    got.text += chunk;
  });
  return got;
}

const names = (text: string) => [...text.matchAll(/^data: "(.*)"$/gm)].map(([, name]) => name);

test("changes that come fast are told together, each thing once, in the order of its last change", async () => {
  const load = vi.fn(async (_: string, id: string) => id);
  const hub = new Hub(load);
  const heard = reader(hub.listen(undefined));
  hub.changed("recording", "first");
  await until(() => names(heard.text).length === 1);
  for (const id of ["a", "b", "a", "c", "a"]) hub.changed("recording", id);
  await until(() => names(heard.text).includes("a"));
  expect(names(heard.text)).toEqual(["first", "b", "c", "a"]);
  hub.close();
});

test("nothing is loaded where nobody listens, and who comes later hears only what comes then", async () => {
  const load = vi.fn(async (_: string, id: string) => id);
  const hub = new Hub(load);
  hub.changed("recording", "before");
  expect(load).not.toHaveBeenCalled();
  const heard = reader(hub.listen(undefined));
  hub.changed("batch", "after");
  await until(() => names(heard.text).length > 0);
  expect(names(heard.text)).toEqual(["after"]);
  hub.close();
});

test("who comes back hears what was missed, once each, and nothing of what is gone", async () => {
  const gone = new Set<string>();
  const hub = new Hub(async (_, id) => (gone.has(id) ? null : id));
  const first = hub.listen(undefined);
  const heard = reader(first);
  hub.changed("recording", "a");
  await until(() => names(heard.text).length === 1);
  const last = [...heard.text.matchAll(/^id: (.*)$/gm)].at(-1)![1]!;
  (first as unknown as { destroy(): void }).destroy();
  for (const id of ["b", "gone", "b", "c"]) hub.changed("recording", id);
  gone.add("gone");
  const again = reader(hub.listen(last));
  await until(() => names(again.text).includes("c"));
  expect(names(again.text)).toEqual(["b", "c"]);
  expect(again.text).not.toContain("resync");
  hub.close();
});

test("who was away for more than is remembered is told to load anew", async () => {
  const hub = new Hub(async (_, id) => id);
  const heard = reader(hub.listen(undefined));
  hub.changed("recording", "a");
  await until(() => names(heard.text).length === 1);
  const last = [...heard.text.matchAll(/^id: (.*)$/gm)].at(-1)![1]!;
  for (let i = 0; i < 2100; i++) hub.changed("recording", `${i}`);
  const again = reader(hub.listen(last));
  await until(() => again.text.includes("event: resync"));
  const same = reader(hub.listen(last.replace(/^./, (c) => (c === "0" ? "1" : "0"))));
  await until(() => same.text.includes("event: resync"));
  hub.close();
});

test("who does not read is let go", async () => {
  const hub = new Hub(async () => "x".repeat(300_000));
  const stream = hub.listen(undefined);
  for (let i = 0; i < 20 && hub.listeners > 0; i++) {
    hub.changed("recording", `${i}`);
    await new Promise((go) => setTimeout(go, 60));
  }
  expect(hub.listeners).toBe(0);
  expect(stream.destroyed).toBe(true);
});
