// Models: which there are, their cards, and the files themselves.
import { z } from "zod";
import { type Api, content, nameParams, problems } from "../api.ts";
import type { Context } from "../context.ts";
import { modelCard, modelSummary } from "../contract.ts";
import { sendFile } from "../send-file.ts";

const tags = ["models"];

export async function modelRoutes(app: Api, { shelf }: Context): Promise<void> {
  app.get(
    "/models",
    {
      schema: {
        tags,
        summary: "Models, the default one first",
        response: { 200: z.array(modelSummary), ...problems() },
      },
    },
    () => shelf.summaries(),
  );

  app.get(
    "/models/:name/card",
    {
      schema: {
        tags,
        summary: "What a model is, and how it scores on voices it never heard",
        params: nameParams,
        response: { 200: modelCard, ...problems(404) },
      },
    },
    async ({ params: { name } }) => (await shelf.find(name)).file.card,
  );

  app.get(
    "/models/:name.onnx",
    {
      schema: {
        tags,
        summary: "The model file",
        params: nameParams,
        response: {
          200: content("application/octet-stream", "The whole"),
          206: content("application/octet-stream", "The range that was asked for"),
          ...problems(404, 416),
        },
      },
    },
    async (request, reply) => {
      const { name, path } = await shelf.find(request.params.name);
      return sendFile(request, reply, path, { type: "application/octet-stream", name: `${name}.onnx` });
    },
  );
}
