// What can be had of recordings as files: the sound, the sound as WAV, what is seen of it, JSON and CSV.
import { existsSync } from "node:fs";
import { Readable } from "node:stream";
import type { FastifyReply } from "fastify";
import { openAudio } from "../../audio/index.node.ts";
import { EMOTIONS } from "../../speech/index.ts";
import type { Filter } from "../../store/index.ts";
import { type Api, content, idParams, problems } from "../api.ts";
import { type Context, kept, recordingOf } from "../context.ts";
import { evidence, recording, recordingQuery } from "../contract.ts";
import { csvHead, csvRow } from "../csv.ts";
import { notFound, Refusal } from "../refusal.ts";
import { disposition, sendFile, startAnswer } from "../send-file.ts";
import { HEADER_BYTES, SAMPLE_RATE, wavBytes, wavHeader, wavSamples } from "../wav.ts";

const tags = ["recordings"];

export async function fileRoutes(app: Api, context: Context): Promise<void> {
  const { store, shelf, limits } = context;

  app.get(
    "/recordings/:id/audio",
    {
      schema: {
        tags,
        summary: "The sound as it was sent, or a range of it",
        params: idParams,
        response: {
          200: content("application/octet-stream", "The whole"),
          206: content("application/octet-stream", "The range that was asked for"),
          ...problems(404, 416),
        },
      },
    },
    async (request, reply) => {
      const { id, name, type } = await kept(context, request.params.id);
      return sendFile(request, reply, store.audioPath(id), { type, etag: id, name });
    },
  );

  app.get(
    "/recordings/:id/listen.wav",
    {
      schema: {
        tags,
        summary: "The sound as 16 kHz mono WAV, for what a browser cannot play",
        params: idParams,
        response: {
          200: content("audio/wav", "The whole"),
          206: content("audio/wav", "The range that was asked for"),
          ...problems(404, 416, 422),
        },
      },
    },
    async (request, reply) => {
      const { id, name, analysis } = await kept(context, request.params.id);
      const sound = await openAudio(store.audioPath(id), {
        sampleRate: SAMPLE_RATE,
        maxSeconds: limits.seconds,
      });
      try {
        const answer = { type: "audio/wav", etag: `${id}-wav`, name: `${name}.wav` };
        if (!analysis) {
          reply.type(answer.type).header("content-disposition", disposition(answer.name));
          return reply.send(Readable.from(wholeWav(sound)));
        }
        const samples = Math.round(analysis.seconds * SAMPLE_RATE);
        const range = startAnswer(request, reply, HEADER_BYTES + 2 * samples, answer);
        if (range && request.method !== "HEAD")
          return reply.send(Readable.from(wavBytes(sound, samples, range)));
        await sound.close();
        return reply.send(range ? Readable.from([]) : undefined);
      } catch (error) {
        await sound.close();
        throw error;
      }
    },
  );

  app.get(
    "/recordings/:id/evidence",
    {
      schema: {
        tags,
        summary: "What can be seen of it: waveform, spectrogram, MFCC, attention",
        params: idParams,
        response: { 200: evidence, ...problems(404, 422, 503) },
      },
    },
    async (request, reply) => {
      const found = await kept(context, request.params.id);
      const path = store.evidencePath(found.id);
      if (!existsSync(path)) {
        if (found.state !== "done") {
          throw new Refusal(404, "no-evidence", "There is none before the recording was analysed.");
        }
        await context.jobs.see(found);
      }
      return sendFile(request, reply, path, { type: "application/json; charset=utf-8" });
    },
  );

  app.get(
    "/recordings/:id.json",
    {
      schema: {
        tags,
        summary: "One recording, to be saved",
        params: idParams,
        response: { 200: recording, ...problems(404) },
      },
    },
    async ({ params }, reply) => {
      const found = await kept(context, params.id);
      reply.header("content-disposition", disposition(`${found.name}.json`, "attachment"));
      return recordingOf(context, found);
    },
  );

  app.get(
    "/recordings.csv",
    {
      schema: {
        tags,
        summary: "Recordings as a table",
        querystring: recordingQuery.omit({ cursor: true, limit: true }),
        response: { 200: content("text/csv", "RFC 4180, UTF-8"), ...problems() },
      },
    },
    async ({ query }, reply) => table(reply, query, "recordings.csv"),
  );

  app.get(
    "/batches/:id/results.csv",
    {
      schema: {
        tags: ["batches"],
        summary: "A batch as a table",
        params: idParams,
        response: { 200: content("text/csv", "RFC 4180, UTF-8"), ...problems(404) },
      },
    },
    async ({ params: { id } }, reply) => {
      const batch = await store.batch(id);
      if (!batch) throw notFound("batch", id);
      return table(reply, { batch: id }, `${batch.name}.csv`);
    },
  );

  async function table(reply: FastifyReply, filter: Filter, name: string): Promise<FastifyReply> {
    const models = await shelf.all();
    const emotions = [...new Set([...EMOTIONS, ...models.flatMap(({ file }) => file.card.emotions)])];
    async function* lines() {
      yield csvHead(emotions);
      for await (const one of store.each(filter)) yield csvRow(recordingOf(context, one), emotions);
    }
    reply.type("text/csv; charset=utf-8").header("content-disposition", disposition(name, "attachment"));
    return reply.send(Readable.from(lines()));
  }
}

/** Of a sound whose length is not known yet. */
async function* wholeWav(sound: AsyncIterable<Float32Array>): AsyncGenerator<Buffer> {
  yield wavHeader(null);
  for await (const block of sound) yield wavSamples(block);
}
