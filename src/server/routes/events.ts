// What happens, as it happens: server-sent events.
import { z } from "zod";
import { type Api, content, problems } from "../api.ts";
import type { Context } from "../context.ts";

export async function eventRoutes(app: Api, { hub }: Context): Promise<void> {
  app.get(
    "/events",
    {
      exposeHeadRoute: false,
      schema: {
        tags: ["events"],
        summary: "What changes, as it changes",
        description:
          "Server-sent events `recording`, `removed`, `batch`, `run`. Who comes back with Last-Event-ID hears what was " +
          "missed, each thing once as it is now; where that is not known any more, `resync`: load the lists again.",
        headers: z.looseObject({ "last-event-id": z.string().max(100).optional() }),
        response: { 200: content("text/event-stream", "The stream"), ...problems() },
      },
    },
    async (request, reply) => {
      const stream = hub.listen(request.headers["last-event-id"]);
      reply.raw.on("close", () => stream.destroy());
      reply.headers({ "cache-control": "no-store", "x-accel-buffering": "no" });
      return reply.type("text/event-stream; charset=utf-8").send(stream);
    },
  );
}
