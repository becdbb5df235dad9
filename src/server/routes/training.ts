// Training: recipes, runs and what becomes of them. Knows the port, not how a run is made.
import { z } from "zod";
import { type Api, idParams, problems } from "../api.ts";
import type { Context } from "../context.ts";
import { modelSummary, type Run, run, runRequest, training } from "../contract.ts";
import { notFound, Refusal } from "../refusal.ts";
import { summaryOf } from "../shelf.ts";
import type { Trainer } from "../trainer.ts";

const tags = ["training"];

export async function trainingRoutes(app: Api, context: Context): Promise<void> {
  const { shelf, hub } = context;

  app.get(
    "/training",
    {
      schema: {
        tags,
        summary: "Recipes, and what the data folder holds",
        response: { 200: training, ...problems(404, 409) },
      },
    },
    () => trainer().training(),
  );

  app.get(
    "/training/runs",
    {
      schema: { tags, summary: "Runs, newest first", response: { 200: z.array(run), ...problems(404) } },
    },
    async () => Promise.all((await trainer().runs()).map(named)),
  );

  app.post(
    "/training/runs",
    {
      schema: {
        tags,
        summary: "Start a recipe",
        body: runRequest,
        response: { 201: run, ...problems(404, 409) },
      },
    },
    async ({ body }, reply) => {
      const started = await trainer().start(body);
      return reply.code(201).header("location", `/api/v1/training/runs/${started.id}`).send(started);
    },
  );

  app.get(
    "/training/runs/:id",
    { schema: { tags, summary: "One run", params: idParams, response: { 200: run, ...problems(404) } } },
    async ({ params: { id } }) => named(await found(id)),
  );

  app.post(
    "/training/runs/:id/stop",
    {
      schema: {
        tags,
        summary: "Stop a run; what it has learnt stays",
        params: idParams,
        response: { 200: run, ...problems(404, 409) },
      },
    },
    async ({ params: { id } }) => {
      await found(id);
      return named(await trainer().stop(id));
    },
  );

  app.post(
    "/training/runs/:id/use",
    {
      schema: {
        tags,
        summary: "Take the model of a run among those that can be chosen",
        params: idParams,
        response: { 200: modelSummary, ...problems(404, 409) },
      },
    },
    async ({ params: { id } }) => {
      const name = modelName(await found(id));
      const model = await shelf.take(await trainer().model(id), name);
      hub.changed("run", id);
      return summaryOf(model, false);
    },
  );

  function trainer(): Trainer {
    if (context.trainer) return context.trainer;
    throw new Refusal(
      404,
      "no-training-data",
      "The service was started without a data folder to learn from: undertone serve --train-data DIR",
    );
  }

  async function found(id: string): Promise<Run> {
    const one = await trainer().run(id);
    if (!one) throw notFound("run", id);
    return one;
  }

  /** With the name of its model, once that can be chosen. */
  async function named(one: Run): Promise<Run> {
    const name = modelName(one);
    const isThere = (await shelf.all()).some((model) => model.name === name);
    return { ...one, model: one.model ?? (isThere ? name : null) };
  }
}

/** Two runs of one recipe have different names. */
function modelName({ recipe, id }: Run): string {
  return `${recipe}-${id}`.replace(/[^A-Za-z0-9._-]/g, "-").slice(0, 80);
}
