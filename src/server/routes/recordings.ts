// Recordings: the list, one of them, a person's own words on it, hearing it again, and its end.
import { type Api, idParams, NOTHING, problems } from "../api.ts";
import { type Context, changed, kept, recordingOf, remove } from "../context.ts";
import { analysisRequest, recording, recordingPage, recordingPatch, recordingQuery } from "../contract.ts";
import { Refusal } from "../refusal.ts";

const tags = ["recordings"];

export async function recordingRoutes(app: Api, context: Context): Promise<void> {
  const { store, jobs, shelf } = context;

  app.get(
    "/recordings",
    {
      schema: {
        tags,
        summary: "Recordings, newest first, a page at a time",
        querystring: recordingQuery,
        response: { 200: recordingPage, ...problems() },
      },
    },
    async ({ query }) => {
      const { items, ...page } = await store.list(query);
      return { ...page, items: items.map((item) => recordingOf(context, item)) };
    },
  );

  app.get(
    "/recordings/:id",
    {
      schema: {
        tags,
        summary: "One recording",
        params: idParams,
        response: { 200: recording, ...problems(404) },
      },
    },
    async ({ params }) => recordingOf(context, await kept(context, params.id)),
  );

  app.patch(
    "/recordings/:id",
    {
      schema: {
        tags,
        summary: "Correct the emotion, or write a note",
        params: idParams,
        body: recordingPatch,
        response: { 200: recording, ...problems(404) },
      },
    },
    async ({ params: { id }, body: { label, note } }) => {
      const before = await kept(context, id);
      if (label) await requireLabel(label, Object.keys(before.analysis?.probabilities ?? {}));
      await store.change(id, { label, note: note?.toWellFormed().replaceAll("\0", "") });
      changed(context, before);
      return recordingOf(context, await kept(context, id));
    },
  );

  app.delete(
    "/recordings/:id",
    {
      schema: {
        tags,
        summary: "Delete: the sound, what was seen of it, and the record",
        params: idParams,
        response: { 204: NOTHING, ...problems(404) },
      },
    },
    async ({ params: { id } }, reply) => {
      await remove(context, id);
      return reply.code(204).send();
    },
  );

  app.post(
    "/recordings/:id/analysis",
    {
      schema: {
        tags,
        summary: "Analyse again, with another model if one is named",
        params: idParams,
        body: analysisRequest.nullish(),
        response: { 202: recording, ...problems(404, 409) },
      },
    },
    async ({ params: { id }, body }, reply) => {
      const before = await kept(context, id);
      const model = await shelf.find(body?.model);
      if (before.error?.code === "audio-missing") {
        throw new Refusal(
          409,
          "audio-missing",
          "The sound of this recording is gone; it cannot be analysed again.",
        );
      }
      await jobs.cancel(id);
      await store.requeue(id, model.name);
      changed(context, before);
      jobs.add(id);
      return reply.code(202).send(recordingOf(context, await kept(context, id)));
    },
  );

  /** One of the emotions that a model here, or the one that answered, can tell. */
  async function requireLabel(label: string, answered: string[]): Promise<void> {
    const models = await shelf.all();
    const known = new Set([...answered, ...models.flatMap(({ file }) => file.card.emotions)]);
    if (known.has(label)) return;
    throw new Refusal(
      400,
      "no-such-emotion",
      `${JSON.stringify(label)} is none of the emotions here: ${[...known].join(", ")}.`,
    );
  }
}
