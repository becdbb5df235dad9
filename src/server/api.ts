// What every file of routes shares: the typed application, and answers with their problems. Knows no resource.
import type {
  FastifyBaseLogger,
  FastifyInstance,
  RawReplyDefaultExpression,
  RawRequestDefaultExpression,
  RawServerDefault,
} from "fastify";
import type { ZodTypeProvider } from "fastify-type-provider-zod";
import { z } from "zod";
import { problem } from "./contract.ts";

/** The application, typed by the schemas of its routes. */
export type Api = FastifyInstance<
  RawServerDefault,
  RawRequestDefaultExpression,
  RawReplyDefaultExpression,
  FastifyBaseLogger,
  ZodTypeProvider
>;

type ProblemStatus = 400 | 401 | 403 | 404 | 409 | 413 | 415 | 416 | 422 | 429 | 500 | 503 | 507;

const REASONS: Record<ProblemStatus, string> = {
  400: "The request is wrong",
  401: "A token is needed",
  403: "Another host or origin than the service's own",
  404: "There is no such thing",
  409: "Not in this state",
  413: "Larger or longer than allowed",
  415: "Not the kind of content that is asked for",
  416: "No such range",
  422: "No sound that can be heard",
  429: "Too many requests; Retry-After says when to come again",
  500: "The service failed",
  503: "The service is not ready, or stops",
  507: "The disk is full",
};

/** The problems that any route may answer with. */
const ALWAYS: ProblemStatus[] = [400, 401, 403, 413, 415, 429, 500, 503];

/** The problems of a route, for its `response`: those that any may have, and its own. */
export function problems(...statuses: ProblemStatus[]) {
  return Object.fromEntries(
    [...ALWAYS, ...statuses].map((status) => [
      status,
      { description: REASONS[status], content: { "application/problem+json": { schema: problem } } },
    ]),
  );
}

/** An answer that is no JSON: the bytes of a file, or a stream of text. */
export function content(type: string, description: string) {
  const schema: z.ZodType = z.string().meta({ format: "binary" });
  return { description, content: { [type]: { schema } } };
}

/** An answer without a body. */
export const NOTHING = z.undefined().describe("Done");

export const idParams = z.object({ id: z.string().max(64) });
export const nameParams = z.object({ name: z.string().max(80) });
