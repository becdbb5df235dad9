// The page as files: hashed ones for ever, the first one fresh with its nonce. Knows a folder, not what is in it.
import { randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { extname, join } from "node:path";
import fastifyStatic from "@fastify/static";
import type { FastifyReply, FastifyRequest } from "fastify";
import type { Api } from "./api.ts";
import { notFound, Refusal } from "./refusal.ts";
import { contentPolicy } from "./security.ts";

/** What stands in index.html where the answer's nonce belongs. */
const NONCE = "__NONCE__";

const NO_PAGE = `The service runs. Its page has not been built: "npm run page" in the checkout makes it.
What the service can do without it stands at /api/docs.
`;

/** @param folder of index.html and what it asks for */
export async function servePage(app: Api, folder: string): Promise<void> {
  const index = join(folder, "index.html");
  if (existsSync(index)) await serveFiles(app, folder);

  async function first(_: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    const text = await readFile(index, "utf8").catch(() => null);
    if (text === null) return reply.type("text/plain; charset=utf-8").send(NO_PAGE);
    const nonce = randomBytes(16).toString("base64");
    return reply
      .headers({ "content-security-policy": contentPolicy(nonce), "cache-control": "no-store" })
      .type("text/html; charset=utf-8")
      .send(text.replaceAll(NONCE, nonce));
  }

  app.get("/", { schema: { hide: true } }, first);
  app.get("/index.html", { schema: { hide: true } }, first);

  // Views have addresses of their own, and no files.
  app.setNotFoundHandler(async (request, reply) => {
    const path = request.url.split("?")[0]!;
    const isView = !path.startsWith("/api") && extname(path) === "";
    if (isView && (request.method === "GET" || request.method === "HEAD")) return first(request, reply);
    if (!path.startsWith("/api")) throw notFound("file", path);
    throw new Refusal(
      404,
      "no-route",
      `There is no ${request.method} ${path}. What there is stands at /api/docs.`,
    );
  });
}

async function serveFiles(app: Api, folder: string): Promise<void> {
  await app.register(fastifyStatic, {
    root: folder,
    index: false,
    wildcard: true,
    preCompressed: true,
    cacheControl: false,
    setHeaders(reply, path) {
      const isHashed = /[\\/]assets[\\/]/.test(path);
      reply.header("cache-control", isHashed ? "public, max-age=31536000, immutable" : "no-cache");
    },
  });
}
