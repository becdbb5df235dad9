// Tests of what people are told when an answer is no success.
import { expect, test } from "vitest";
import { queryOf } from "./client.ts";
import { problemOf } from "./problem.ts";

test("a problem's own sentence and code", () => {
  const body = JSON.stringify({
    title: "Unprocessable",
    status: 422,
    detail: "It holds no sound.",
    code: "bad",
  });
  expect(problemOf(422, body)).toMatchObject({ status: 422, code: "bad", message: "It holds no sound." });
});

test.each(["<html>Bad gateway</html>", "null", "", '"text"'])("%j: the status has to do", (body) => {
  const error = problemOf(502, body);
  expect(error).toMatchObject({ code: "http-502", isPassing: true });
  expect(error.message).toContain("502");
});

test("how long to wait, where it is said in seconds", () => {
  expect(problemOf(429, "{}", "12").retryAfter).toBe(12);
  expect(problemOf(429, "{}", "Sun, 22 Nov 2026 13:00:00 GMT").retryAfter).toBeUndefined();
  expect(problemOf(429, "{}", null).retryAfter).toBeUndefined();
});

test("a query has only what is set", () => {
  expect(queryOf({ q: "a b&c", limit: 0, emotion: undefined, from: "" })).toBe("?q=a+b%26c&limit=0");
  expect(queryOf({})).toBe("");
});
