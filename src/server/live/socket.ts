// The live socket: a conversation for each connection, and when one is hung up. Knows fastify and ws, no sound.
import websocket from "@fastify/websocket";
import type { FastifyInstance } from "fastify";
import type { WebSocket } from "ws";
import { Conversation, type LiveLimits, type LiveServices } from "./conversation.ts";

export interface LiveSocketOptions extends Omit<LiveServices, "limits"> {
  limits?: Partial<LiveLimits>;
  /** A client that sends nothing for so long is gone. Default 30,000. */
  idleMs?: number;
}

const LIMITS: LiveLimits = { seconds: 600, block: 1, ahead: 10, behind: 15 };
/** Bytes that a client may leave unread. */
const MOST_UNREAD = 2 ** 20;
/** How long a client may take to answer that the connection is to be closed. */
const CLOSE_MS = 1_000;
// RFC 6455, section 7.4.1.
const [DONE, GOING_AWAY, AGAINST_THE_RULES] = [1000, 1001, 1008] as const;

/**
 * `WS /live`, below the prefix that it is registered with. Who may connect, and from which origin, the application's hooks
 * have said before; who is refused, they let go.
 */
export async function liveSocket(app: FastifyInstance, options: LiveSocketOptions): Promise<void> {
  const { idleMs = 30_000, limits, ...services } = options;
  const all = { ...services, limits: { ...LIMITS, ...limits } };
  await app.register(websocket, {
    options: { maxPayload: 4 * 16_000 * all.limits.block + 1024 },
    preClose: (done) => {
      for (const client of app.websocketServer.clients) close(client, GOING_AWAY);
      app.websocketServer.close(done);
    },
  });
  app.get("/live", { websocket: true }, (socket) => converse(socket, all, idleMs));
}

function converse(socket: WebSocket, services: LiveServices, idleMs: number): void {
  const conversation = new Conversation(services, {
    say: (message) => {
      if (socket.bufferedAmount > MOST_UNREAD) socket.terminate();
      else if (socket.readyState === socket.OPEN) socket.send(JSON.stringify(message));
    },
    hangUp: (wasWrong) => close(socket, wasWrong ? AGAINST_THE_RULES : DONE),
  });
  const idle = setTimeout(() => close(socket, GOING_AWAY), idleMs);
  socket.on("message", (data, isBinary) => {
    idle.refresh();
    const bytes = data as Buffer;
    // It answers for its own errors: what is thrown beyond them is a fault of the service, and ends the conversation.
    (isBinary ? conversation.bytes(bytes) : conversation.text(bytes.toString())).catch(() =>
      socket.terminate(),
    );
  });
  socket.on("close", () => {
    clearTimeout(idle);
    conversation.end().catch(() => {});
  });
}

/** Says goodbye, and does not wait for the answer for long. */
function close(socket: WebSocket, code: number): void {
  socket.close(code);
  setTimeout(() => socket.terminate(), CLOSE_MS).unref();
}
