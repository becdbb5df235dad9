// Who may ask: host, origin, token, session; and what a browser may do with the answers. Knows headers, no resource.
import { createHash, randomBytes, timingSafeEqual } from "node:crypto";
import cookie from "@fastify/cookie";
import helmet from "@fastify/helmet";
import rateLimit from "@fastify/rate-limit";
import type { FastifyReply, FastifyRequest } from "fastify";
import { type Api, NOTHING, problems } from "./api.ts";
import { sessionRequest } from "./contract.ts";
import { Refusal } from "./refusal.ts";

const COOKIE = "undertone";
const SESSION_SECONDS = 30 * 24 * 3600;
const MOST_SESSIONS = 1000;
const LOG_INS_PER_MINUTE = 20;

export interface SecurityOptions {
  /** Who may ask must know it; none: everyone who reaches this machine's own address may. */
  token?: string;
  requestsPerMinute: number;
}

/** A style that the page makes itself (a player in a shadow root) may have the answer's nonce. */
export function contentPolicy(nonce?: string): string {
  const style = nonce === undefined ? "'self'" : `'self' 'nonce-${nonce}'`;
  return [
    "default-src 'self'",
    // The resampler's inner loop is WebAssembly.
    "script-src 'self' 'wasm-unsafe-eval'",
    `style-src ${style}`,
    "img-src 'self' blob:",
    "media-src 'self' blob:",
    "connect-src 'self'",
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ].join("; ");
}

/** What holds for every answer: headers, limits on rate, the host that was asked, the origin that asks. */
export async function secure(app: Api, { token, requestsPerMinute }: SecurityOptions): Promise<void> {
  await app.register(cookie);
  await app.register(helmet, {
    contentSecurityPolicy: false,
    // Whether there is TLS before this, only those know who put it there.
    strictTransportSecurity: false,
    referrerPolicy: { policy: "no-referrer" },
  });
  await app.register(rateLimit, {
    global: true,
    max: requestsPerMinute,
    timeWindow: 60_000,
    errorResponseBuilder: (_, { after, max }) =>
      new Refusal(429, "too-many-requests", `More than ${max} requests a minute. Come again in ${after}.`),
  });
  app.addHook("onRequest", async (request, reply) => {
    // A socket that was to be upgraded and is not has left the HTTP server, which would neither read nor close it.
    if (request.headers.upgrade !== undefined) reply.raw.on("finish", () => request.raw.socket.destroySoon());
    reply.header("content-security-policy", contentPolicy());
    reply.header("permissions-policy", "microphone=(self), camera=(), geolocation=()");
    if (token === undefined) requireLocalHost(request);
    requireOwnOrigin(request);
  });
}

/**
 * Without a token the address is the only guard, and a page elsewhere could have its own name point to this machine (DNS
 * rebinding): so the name that was asked for must be this machine's own.
 */
function requireLocalHost({ headers: { host = "" } }: FastifyRequest): void {
  if (/^(localhost|127\.\d+\.\d+\.\d+|\[::1\])(:\d+)?$/i.test(host)) return;
  throw new Refusal(
    403,
    "wrong-host",
    `The service was asked for as ${JSON.stringify(host)}. Without a token it answers to localhost and 127.0.0.1 only.`,
  );
}

/** Pages of other origins may not send anything, nor open the live socket, which no browser asks leave for. */
function requireOwnOrigin({ method, headers }: FastifyRequest): void {
  const { host, origin, upgrade } = headers;
  const isSafe = (method === "GET" || method === "HEAD" || method === "OPTIONS") && upgrade === undefined;
  if (isSafe || origin === undefined || isOwn(origin, host)) return;
  throw new Refusal(403, "wrong-origin", "A page of another origin may not do this.");
}

function isOwn(origin: string, host: string | undefined): boolean {
  return URL.canParse(origin) && new URL(origin).host === host?.toLowerCase();
}

/** Sessions of the page: the cookie's value is known to the browser only, here lies its digest. */
class Sessions {
  readonly #ends = new Map<string, number>();

  open(): string {
    const value = randomBytes(32).toString("base64url");
    this.#ends.set(digest(value).toString("hex"), Date.now() + 1000 * SESSION_SECONDS);
    if (this.#ends.size > MOST_SESSIONS) this.#ends.delete(this.#ends.keys().next().value!);
    return value;
  }

  has(value: string): boolean {
    return (this.#ends.get(digest(value).toString("hex")) ?? 0) > Date.now();
  }

  close(value: string): void {
    this.#ends.delete(digest(value).toString("hex"));
  }
}

function digest(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}

/** The guard of one service: `require` for every route that needs the token, and the routes that open a session. */
export function createGuard(token: string | undefined) {
  const sessions = new Sessions();
  const expected = token === undefined ? null : digest(token);
  // Digests are of one length, so the comparison tells nothing of the token's.
  const fits = (given: string) => expected !== null && timingSafeEqual(digest(given), expected);

  async function require(request: FastifyRequest): Promise<void> {
    if (expected === null) return;
    const bearer = /^Bearer +(\S+)$/i.exec(request.headers.authorization ?? "")?.[1];
    if (bearer !== undefined && fits(bearer)) return;
    const session = request.cookies[COOKIE];
    if (session === undefined || !sessions.has(session)) {
      throw new Refusal(
        401,
        "token-needed",
        (bearer === undefined ? "A token is needed: " : "That is not the token. It is ") +
          "the one that the service was started with, or that it printed when it started.",
      );
    }
    requireOrigin(request);
  }

  /** A cookie comes by itself, also from another page; its origin does not lie. */
  function requireOrigin({ method, headers: { host, origin } }: FastifyRequest): void {
    if (method === "GET" || method === "HEAD") return;
    if (origin !== undefined && isOwn(origin, host)) return;
    throw new Refusal(403, "wrong-origin", "A request with a session must come from the service's own page.");
  }

  async function routes(app: Api): Promise<void> {
    const about = { tags: ["session"], security: [] };
    app.post(
      "/session",
      {
        config: { rateLimit: { max: LOG_INS_PER_MINUTE, timeWindow: 60_000 } },
        schema: {
          ...about,
          summary: "Log in with the token; the answer sets a cookie",
          body: sessionRequest,
          response: { 204: NOTHING, ...problems() },
        },
      },
      async (request, reply) => {
        if (expected !== null && !fits(request.body.token))
          throw new Refusal(401, "wrong-token", "That is not the token.");
        setCookie(request, reply, sessions.open(), SESSION_SECONDS);
        return reply.code(204).send();
      },
    );
    app.delete(
      "/session",
      { schema: { ...about, summary: "Log out", response: { 204: NOTHING, ...problems() } } },
      async (request, reply) => {
        sessions.close(request.cookies[COOKIE] ?? "");
        setCookie(request, reply, "", 0);
        return reply.code(204).send();
      },
    );
  }

  return { require, routes };
}

function setCookie(request: FastifyRequest, reply: FastifyReply, value: string, maxAge: number): void {
  // The page knows whether it came by https, also through a proxy.
  const secure = request.protocol === "https" || /^https:/i.test(request.headers.origin ?? "");
  reply.setCookie(COOKIE, value, { path: "/", httpOnly: true, sameSite: "strict", secure, maxAge });
}
