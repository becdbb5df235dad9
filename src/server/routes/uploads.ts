// Receiving recordings: multipart, streamed to disk as it comes, answered at once where the analysis is quick.
import multipart from "@fastify/multipart";
import type { FastifyRequest } from "fastify";
import { z } from "zod";
import { AudioError } from "../../audio/index.ts";
import { modelId, parseVoice } from "../../recognizer/index.node.ts";
import type { NewRecording, Received } from "../../store/index.ts";
import { type Api, problems } from "../api.ts";
import { type Context, keep, kept, recordingOf, remove } from "../context.ts";
import { recording, uploadFields } from "../contract.ts";
import { cleanName, cleanType } from "../present.ts";
import { notFound, Refusal } from "../refusal.ts";

/** Who uploads waits so long for the analysis; what takes longer is told by events. */
const WAIT_MS = 1000;
const FIELD_BYTES = 100_000;
/** What a form may be larger than the sound in it. */
const FORM_BYTES = 10 * FIELD_BYTES;

type Wish = Pick<NewRecording, "model" | "voice" | "language" | "batch">;

export async function uploadRoutes(app: Api, context: Context): Promise<void> {
  const { store, jobs, limits, metrics } = context;
  app.removeAllContentTypeParsers();
  await app.register(multipart, {
    limits: {
      fileSize: limits.bytes,
      files: 1,
      fields: 8,
      fieldSize: FIELD_BYTES,
      fieldNameSize: 100,
      parts: 10,
    },
  });

  app.post(
    "/recordings",
    {
      config: { rateLimit: { max: limits.uploadsPerMinute, timeWindow: 60_000 } },
      schema: {
        tags: ["recordings"],
        summary: "Send a sound; it is kept and analysed",
        description:
          "multipart/form-data: `file`, and before it `model`, `voice` (JSON), `language`, `batch`. Answers 201 with the " +
          "analysis where that is quick, else 202: the rest comes by /events; with `Prefer: respond-async` 202 at once. A sound that cannot be decoded is not " +
          "kept (422), except in a batch, where it counts as failed.",
        headers: z.looseObject({ prefer: z.string().max(200).optional() }),
        consumes: ["multipart/form-data"],
        response: { 201: recording, 202: recording, ...problems(404, 422, 507) },
      },
    },
    async (request, reply) => {
      const { received, about } = await receive(request);
      metrics.received.inc(received.bytes);
      const { id } = await keep(context, received, about);
      // RFC 7240, section 4.1: who sends many need not wait for each.
      const isPatient = !/\brespond-async\b/i.test(request.headers.prefer ?? "");
      const error = isPatient ? await jobs.outcome(id, WAIT_MS) : undefined;
      if (error instanceof AudioError && about.batch === null) {
        await remove(context, id);
        throw error;
      }
      const result = await kept(context, id);
      const isOver = result.state === "done" || result.state === "failed";
      reply.header("location", `/api/v1/recordings/${id}`);
      return reply.code(isOver ? 201 : 202).send(recordingOf(context, result));
    },
  );

  /** The form, read to its end; nothing stays of one that is wrong or breaks off. */
  async function receive(request: FastifyRequest): Promise<{ received: Received; about: NewRecording }> {
    if (!request.isMultipart()) {
      throw new Refusal(
        415,
        "no-multipart",
        'Send the sound as multipart/form-data, in a field called "file".',
      );
    }
    if (Number(request.headers["content-length"] ?? 0) > limits.bytes + FORM_BYTES) throw tooLarge();
    const fields = new Map<string, unknown>();
    let file: { received: Received; name: string; type: string } | undefined;
    let wish: Wish | undefined;
    try {
      for await (const part of request.parts()) {
        if (part.type === "field") {
          if (part.valueTruncated)
            throw new Refusal(413, "too-large", `The field ${part.fieldname} is too large.`);
          fields.set(part.fieldname, part.value);
          wish = undefined;
          continue;
        }
        if (part.fieldname !== "file") throw noFile();
        // Before a large sound is taken, not after.
        wish = await wishOf(fields);
        const received = await store.receive(part.file);
        // Browsers write a quotation mark in a name so (HTML Living Standard, "multipart/form-data").
        const name = cleanName((part.filename ?? "").replaceAll("%22", '"'));
        file = { received, name, type: cleanType(part.mimetype, name) };
        if (part.file.truncated) throw tooLarge();
      }
      if (!file) throw noFile();
      const { received, name, type } = file;
      return { received, about: { name, type, source: "upload", ...(wish ?? (await wishOf(fields))) } };
    } catch (error) {
      if (file) await store.drop(file.received);
      throw isOfParser(error)
        ? new Refusal(400, "bad-form", `The form cannot be read: ${error.message}.`)
        : error;
    }
  }

  async function wishOf(fields: Map<string, unknown>): Promise<Wish> {
    const { data, error } = uploadFields.safeParse(Object.fromEntries(fields));
    if (!data) {
      const said = error.issues.map(({ path, message }) => `${path.join(".") || "the form"}: ${message}`);
      throw new Refusal(400, "bad-request", said.join("; "));
    }
    const model = await context.shelf.find(data.model);
    const owner = { model: modelId(model.file.card), voiceWidth: model.file.voiceWidth };
    const voice = data.voice ? parseVoice(data.voice, owner, "voice") : null;
    const batch = data.batch ?? null;
    if (batch !== null) await requireRoom(batch);
    return { model: model.name, voice, language: data.language ?? null, batch };
  }

  async function requireRoom(id: string): Promise<void> {
    const batch = await store.batch(id);
    if (!batch) throw notFound("batch", id);
    if (batch.counts.total < limits.batch) return;
    throw new Refusal(413, "batch-full", `A batch takes ${limits.batch} files. Begin another one.`);
  }

  function tooLarge(): Refusal {
    return new Refusal(
      413,
      "too-large",
      `The sound is larger than the ${limits.bytes} bytes that are allowed here. Cut it or compress it.`,
    );
  }
}

/** The parser of forms throws plain errors; those of the disk have a code. */
function isOfParser(error: unknown): error is Error {
  return error instanceof Error && error.constructor === Error && !("code" in error);
}

function noFile(): Refusal {
  return new Refusal(400, "no-file", 'The form has no file. Send the sound in a field called "file".');
}
