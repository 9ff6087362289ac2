import type { FastifyInstance } from "fastify";

import type { World } from "../world.ts";

interface Link {
  Params: { file: string };
  Querystring: { Signature?: string };
}

/** The link of a snapshot: no token, since the link is the secret. After 24 hours it is denied, as a store of files would. */
export function registerSnapshotRoute(server: FastifyInstance, { snapshots }: World): void {
  server.get<Link>("/snapshots/:file", (request, reply) => {
    const id = request.params.file.replace(/\.json$/, "");
    const file = snapshots.fileOf(id, request.query.Signature ?? "");
    if (file !== undefined) return reply.type("application/json").send(file);
    const denied = '<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>AccessDenied</Code></Error>';
    return reply.code(403).type("application/xml").send(denied);
  });
}
