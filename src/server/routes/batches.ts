// Batches: many files under one name, and what became of them.
import { z } from "zod";
import { type Api, idParams, NOTHING, problems } from "../api.ts";
import type { Context } from "../context.ts";
import { batch, batchRequest } from "../contract.ts";
import { notFound } from "../refusal.ts";

const tags = ["batches"];

export async function batchRoutes(app: Api, { store, jobs, hub }: Context): Promise<void> {
  app.post(
    "/batches",
    {
      schema: {
        tags,
        summary: "Begin a batch; its files are sent to /recordings with its id",
        body: batchRequest,
        response: { 201: batch, ...problems() },
      },
    },
    async ({ body }, reply) => {
      const made = await store.createBatch(body.name.toWellFormed().replaceAll("\0", ""));
      hub.changed("batch", made.id);
      return reply.code(201).header("location", `/api/v1/batches/${made.id}`).send(made);
    },
  );

  app.get(
    "/batches",
    { schema: { tags, summary: "Batches, newest first", response: { 200: z.array(batch), ...problems() } } },
    () => store.batches(),
  );

  app.get(
    "/batches/:id",
    { schema: { tags, summary: "One batch", params: idParams, response: { 200: batch, ...problems(404) } } },
    async ({ params: { id } }) => {
      const found = await store.batch(id);
      if (!found) throw notFound("batch", id);
      return found;
    },
  );

  app.delete(
    "/batches/:id",
    {
      schema: {
        tags,
        summary: "Delete a batch with its recordings",
        params: idParams,
        response: { 204: NOTHING, ...problems(404) },
      },
    },
    async ({ params: { id } }, reply) => {
      for (const state of ["queued", "running"] as const) {
        for await (const recording of store.each({ batch: id, state })) await jobs.cancel(recording.id);
      }
      const gone = await store.removeBatch(id);
      if (!gone) throw notFound("batch", id);
      for (const recording of gone) hub.changed("removed", recording);
      hub.changed("removed", id);
      return reply.code(204).send();
    },
  );
}
