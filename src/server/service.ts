// The service: its parts put together, started and stopped. Knows every part, and how none of them works inside.
import { mkdir } from "node:fs/promises";
import type { Socket } from "node:net";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import Fastify, { type FastifyBaseLogger, LogController } from "fastify";
import { serializerCompiler, validatorCompiler, type ZodTypeProvider } from "fastify-type-provider-zod";
import { pino } from "pino";
import type { Store } from "../store/index.ts";
import type { Analyst } from "./analyst.ts";
import type { Api } from "./api.ts";
import { type Context, keepLive, type Limits, recordingOf } from "./context.ts";
import type { Analysis, Recording } from "./contract.ts";
import { type EventName, Hub } from "./hub.ts";
import { Jobs } from "./jobs.ts";
import { type LiveSocketOptions, liveSocket } from "./live/socket.ts";
import { createMetrics } from "./metrics.ts";
import { describe } from "./openapi.ts";
import { servePage } from "./page.ts";
import { problem, problemOf } from "./refusal.ts";
import { batchRoutes } from "./routes/batches.ts";
import { eventRoutes } from "./routes/events.ts";
import { fileRoutes } from "./routes/files.ts";
import { healthRoutes, metricsRoutes, serviceRoutes } from "./routes/health.ts";
import { modelRoutes } from "./routes/models.ts";
import { recordingRoutes } from "./routes/recordings.ts";
import { trainingRoutes } from "./routes/training.ts";
import { uploadRoutes } from "./routes/uploads.ts";
import { createGuard, secure } from "./security.ts";
import { Shelf } from "./shelf.ts";
import type { Trainer } from "./trainer.ts";

export interface ServiceOptions {
  store: Store<Analysis>;
  analyst: Analyst;
  /** Where .onnx files are; `fallback` is the one that is used where none is named. */
  models: { places: readonly string[]; fallback?: string };
  trainer?: Trainer;
  version: string;
  host?: string;
  port?: number;
  /** Who asks must know it. Without one the host must be this machine's own address. */
  token?: string;
  /** The folder of the built page. */
  page?: string;
  limits?: Partial<Limits>;
  /**
   * Analyses that are handed to the analyst at once. Default: two more than there are cores, so that the next is there
   * when one ends, without a way through the record.
   */
  analyses?: number;
  log?: FastifyBaseLogger;
}

export interface RunningService {
  app: Api;
  /** @returns the address for a browser @throws where the port is taken, say */
  start(): Promise<string>;
  /** Takes no more, finishes what it can in bounded time, leaves the rest queued, and lets go of everything. */
  stop(): Promise<void>;
}

export const LIMITS: Limits = {
  bytes: 2 ** 30,
  seconds: 4 * 3600,
  batch: 10_000,
  uploadsPerMinute: 6000,
  requestsPerMinute: 30_000,
};

/** How long a stop waits for what runs: less than whoever stops services has patience (Docker: 10 s). */
const GRACE_MS = 5000;
/** A connection on which nothing moves for so long is closed; events have a heartbeat. */
const IDLE_MS = 120_000;
const JSON_BYTES = 256 * 1024;

const LOOPBACK = /^(localhost|127\.\d+\.\d+\.\d+|::1|\[::1\])$/;

/** Whether only this machine can reach an address. */
export function isLoopback(host: string): boolean {
  return LOOPBACK.test(host);
}

/** @throws Error where the host can be reached from elsewhere and there is no token */
export async function createService(options: ServiceOptions): Promise<RunningService> {
  const { store, analyst, host = "127.0.0.1", port = 8787, token, version, page } = options;
  if (token === undefined && !isLoopback(host)) {
    throw new Error(`${JSON.stringify(host)} can be reached from other machines: that needs a token.`);
  }
  const log = options.log ?? pino({ level: "silent" });
  const limits = { ...LIMITS, ...options.limits };
  const own = join(store.folder, "models");
  await mkdir(own, { recursive: true });
  const shelf = new Shelf({ ...options.models, own });
  let isStopping = false;

  const load = async (name: EventName, id: string): Promise<unknown> => {
    if (name === "batch") return store.batch(id);
    if (name !== "recording") return { id };
    const recording = await store.get(id);
    return recording && listed(recordingOf(context, recording));
  };
  const hub = new Hub(load);
  const jobs = new Jobs({
    store,
    analyst,
    shelf,
    log,
    most: options.analyses ?? availableParallelism() + 2,
    maxSeconds: limits.seconds,
    onChange({ id, batch }) {
      hub.changed("recording", id);
      if (batch !== null) hub.changed("batch", batch);
    },
    onEnd: (outcome, seconds) => metrics.analyses.observe({ outcome }, seconds),
  });
  const metrics = createMetrics({
    waiting: () => jobs.waiting,
    running: () => jobs.running,
    listeners: () => hub.listeners,
  });
  const context: Context = {
    version,
    store,
    shelf,
    jobs,
    hub,
    metrics,
    limits,
    trainer: options.trainer,
    log,
  };
  const unhear = options.trainer?.onChange((id) => hub.changed("run", id));

  const app: Api = Fastify({
    loggerInstance: log,
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit: JSON_BYTES,
    connectionTimeout: IDLE_MS,
    clientErrorHandler: refuse,
    routerOptions: { maxParamLength: 200 },
  }).withTypeProvider<ZodTypeProvider>();
  app.setValidatorCompiler(validatorCompiler);
  app.setSerializerCompiler(serializerCompiler);
  answerErrors(app);
  count(app, context);
  await secure(app, { token, requestsPerMinute: limits.requestsPerMinute });
  await describe(app, version);

  const live: LiveSocketOptions = {
    analyst,
    models: (name) => shelf.find(name),
    keep: (samples, name, model) => keepLive(context, samples, name, model),
  };
  const guard = createGuard(token);
  await app.register((open: Api) => healthRoutes(open, context, () => isStopping));
  await app.register(guard.routes, { prefix: "/api/v1" });
  await app.register(async (closed: Api) => {
    closed.addHook("onRequest", guard.require);
    await closed.register((api: Api) => metricsRoutes(api, context));
    for (const routes of [
      ...[serviceRoutes, uploadRoutes, recordingRoutes, fileRoutes, batchRoutes],
      ...[modelRoutes, trainingRoutes, eventRoutes],
    ]) {
      await closed.register((api: Api) => routes(api, context), { prefix: "/api/v1" });
    }
    await closed.register(liveSocket, { prefix: "/api/v1", ...live });
  });
  await app.register((open: Api) => servePage(open, page ?? ""));
  app.addHook("preClose", async () => hub.close());

  return {
    app,
    async start() {
      await app.listen({ host, port });
      await jobs.resume();
      const address = app.server.address();
      const bound = typeof address === "object" && address ? address.port : port;
      return `http://${shownHost(host)}:${bound}/`;
    },
    async stop() {
      if (isStopping) return;
      isStopping = true;
      unhear?.();
      // Answers under way get the same time as analyses; then their connections are cut.
      const cut = setTimeout(() => app.server.closeAllConnections(), GRACE_MS);
      const [closed] = await Promise.allSettled([app.close(), jobs.stop(GRACE_MS)]);
      clearTimeout(cut);
      await analyst.close();
      await store.close();
      if (closed.status === "rejected") throw closed.reason;
    },
  };
}

/** Lists and events leave the timeline out: of an hour it is longer than a page of recordings. */
function listed(recording: Recording): Recording {
  return { ...recording, analysis: recording.analysis && { ...recording.analysis, timeline: [] } };
}

/** `0.0.0.0` is every address of this machine, and none that a browser could open. */
function shownHost(host: string): string {
  if (host === "0.0.0.0" || host === "::") return "localhost";
  return host.includes(":") && !host.startsWith("[") ? `[${host}]` : host;
}

/** What is no HTTP, or more of its headers than a server takes: there is no request, so no route answers. */
function refuse(error: Error & { code?: string }, socket: Socket): void {
  if (socket.writable && error.code !== "ECONNRESET") {
    const [status, said] =
      error.code === "HPE_HEADER_OVERFLOW"
        ? [431, "The request's headers are too large."]
        : error.code === "ERR_HTTP_REQUEST_TIMEOUT"
          ? [408, "The request took too long to come."]
          : [400, "That is no HTTP request."];
    const told = problem(status, "bad-request", said);
    const body = JSON.stringify(told);
    socket.write(
      `HTTP/1.1 ${status} ${told.title}\r\nContent-Type: application/problem+json\r\nContent-Length: ${body.length}\r\n` +
        `Connection: close\r\n\r\n${body}`,
    );
  }
  socket.destroySoon();
}

function answerErrors(app: Api): void {
  app.setErrorHandler((error, request, reply) => {
    const problem = problemOf(error);
    if (problem.status >= 500 && problem.code === "failed") {
      request.log.error({ err: error, route: request.routeOptions.url }, "a request failed");
    }
    // What a file's answer had set does not hold for this one.
    for (const header of ["content-length", "content-disposition", "etag", "cache-control"])
      reply.removeHeader(header);
    return reply.code(problem.status).type("application/problem+json").send(problem);
  });
}

/** Log and metrics of each request: by its route, never by its address, which holds what people search for. */
function count(app: Api, { metrics }: Context): void {
  app.addHook("onResponse", async (request, reply) => {
    const route = request.routeOptions.url ?? "none";
    const { method } = request;
    const { statusCode: status, elapsedTime } = reply;
    metrics.requests.observe({ method, route, status }, elapsedTime / 1000);
    request.log.info({ method, route, status, ms: Math.round(elapsedTime) }, "answered");
  });
}
