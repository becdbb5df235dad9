// Whether the service lives, whether it can work, and what it counts.
import { type Api, content, problems } from "../api.ts";
import { type Context, serviceOf } from "../context.ts";
import { health, service } from "../contract.ts";
import { Refusal } from "../refusal.ts";

const tags = ["service"];

/** For whoever watches over the process: no token, nothing told but the state. */
export async function healthRoutes(
  app: Api,
  { shelf, store }: Context,
  isStopping: () => boolean,
): Promise<void> {
  app.get(
    "/healthz",
    { schema: { tags, summary: "Whether it lives", security: [], response: { 200: health, ...problems() } } },
    async () => ({ status: "ok" as const }),
  );

  app.get(
    "/readyz",
    {
      schema: {
        tags,
        summary: "Whether it can work",
        security: [],
        response: { 200: health, ...problems() },
      },
    },
    async () => {
      if (isStopping()) throw new Refusal(503, "stopping", "The service stops.");
      await shelf.find();
      await store.list({ limit: 1 });
      return { status: "ok" as const };
    },
  );
}

export async function serviceRoutes(app: Api, context: Context): Promise<void> {
  app.get(
    "/service",
    { schema: { tags, summary: "Version and limits", response: { 200: service, ...problems() } } },
    async () => serviceOf(context),
  );
}

export async function metricsRoutes(app: Api, { metrics }: Context): Promise<void> {
  app.get(
    "/metrics",
    {
      schema: {
        tags,
        summary: "What it counts, for Prometheus",
        response: { 200: content("text/plain", "Prometheus text format"), ...problems() },
      },
    },
    async (_, reply) => reply.type(metrics.registry.contentType).send(await metrics.registry.metrics()),
  );
}
