// Requests made from the service's own description, at an analyst that does what sounds say: none may end in a 500.
import { expect, test } from "vitest";
import { fuzz } from "../src/bench/index.ts";
import { testService } from "./support/service.ts";

test.each([1, 2])("600 requests from seed %d: no answer of 500, every operation called", async (seed) => {
  const service = await testService();
  try {
    const sounds = ["sound", "BAD", "CRASH", "LONG"].map((text) => Buffer.from(text.repeat(20)));
    const { requests, answers, failures, operations } = await fuzz({
      address: service.address,
      requests: 600,
      seed,
      sounds,
    });
    expect(failures).toEqual([]);
    expect(operations[0]).toBe(operations[1]);
    expect(Object.values(answers).reduce((a, b) => a + b, 0)).toBe(requests);
    // It reaches what is behind the doors, too.
    for (const status of ["200", "201", "204", "400", "404", "422"])
      expect(answers[status], status).toBeGreaterThan(0);
  } finally {
    await service.end();
  }
});

test("a service that fails is found out", async () => {
  const service = await testService();
  try {
    service.store.list = () => Promise.reject(new Error("broken"));
    const { failures } = await fuzz({
      address: service.address,
      requests: 300,
      seed: 1,
      sounds: [Buffer.from("x")],
    });
    expect(failures.join("\n")).toMatch(/^GET \/api\/v1\/recordings.*: 500/m);
  } finally {
    await service.end();
  }
});
