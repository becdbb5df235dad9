// The description of the service, made from the schemas of its routes, and a page to read it. Knows no resource.
import swagger from "@fastify/swagger";
import swaggerUi from "@fastify/swagger-ui";
import { createJsonSchemaTransform } from "fastify-type-provider-zod";
import { z } from "zod";
import type { Api } from "./api.ts";
import { uploadFields } from "./contract.ts";

const DOCS = "/api/docs";

/** The reader's page styles itself inline; it shows nobody's data. */
const DOCS_POLICY =
  "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; object-src 'none'; " +
  "base-uri 'none'; frame-ancestors 'none'";

/** Before the routes: it hears of each as it is added. */
export async function describe(app: Api, version: string): Promise<void> {
  await app.register(swagger, {
    openapi: {
      openapi: "3.1.0",
      info: {
        title: "Undertone",
        version,
        description:
          "Estimates how a voice sounds to listeners. Errors are problem details (RFC 9457) with a `code` for programs.",
      },
      components: {
        securitySchemes: {
          bearer: { type: "http", scheme: "bearer", description: "The service's token, where it has one" },
          session: { type: "apiKey", in: "cookie", name: "undertone" },
        },
      },
      security: [{}, { bearer: [] }, { session: [] }],
    },
    transform: createJsonSchemaTransform({ skipList: [] }),
    transformObject: (document) =>
      withForm("openapiObject" in document ? document.openapiObject : {}) as never,
  });
  await app.register(swaggerUi, {
    routePrefix: DOCS,
    staticCSP: DOCS_POLICY,
    uiConfig: { url: "/api/openapi.json" },
    theme: { title: "Undertone's service" },
  });
  app.get("/api/openapi.json", { schema: { hide: true } }, async () => app.swagger());
}

/** A form that is read as it streams has no schema that the framework could check; it is described here. */
function withForm(document: { paths?: Record<string, unknown> }): unknown {
  const upload = (document.paths?.["/api/v1/recordings"] as { post?: { requestBody?: unknown } } | undefined)
    ?.post;
  if (!upload) return document;
  const { $schema: _, ...fields } = z.toJSONSchema(uploadFields, { io: "input" });
  const file = { type: "string", format: "binary", description: "the sound" };
  const schema = { ...fields, properties: { ...fields.properties, file }, required: ["file"] };
  upload.requestBody = { required: true, content: { "multipart/form-data": { schema } } };
  return document;
}
