import type { FastifyReply, FastifyRequest } from "fastify";

import { escaped } from "../api/openapi/html.ts";
import { type Problem, sendProblem, statusOf } from "../api/problem.ts";
import { plainPage } from "../auth/plain-page.ts";

/** How an authorization ended. */
export type CallbackAnswer = { readonly returnTo: string | null } & (
  | { readonly ok: true; readonly connection: string }
  | { readonly ok: false; readonly problem: Problem }
);

/** Answers a browser with a page, and a program with JSON. */
export function answerBrowser(
  request: FastifyRequest,
  reply: FastifyReply,
  answer: CallbackAnswer,
): FastifyReply {
  const wantsPage = (request.headers.accept ?? "").includes("text/html");
  if (wantsPage) {
    return reply
      .code(answer.ok ? 200 : statusOf(answer.problem))
      .header("content-type", "text/html; charset=utf-8")
      .send(pageOf(answer));
  }
  if (!answer.ok) return sendProblem(reply, answer.problem);
  return reply.send({ ok: true, connection: answer.connection });
}

function pageOf(answer: CallbackAnswer): string {
  const path = escaped(answer.returnTo ?? "/");
  const onwards = `<p><a href="${path}">Go on to Onepool</a></p>`;
  if (!answer.ok) return plainPage("Not connected", `<p>${escaped(answer.problem.message)}</p>\n${onwards}`);
  // From a page of our own: a redirect would arrive without the strict cookie of the session.
  const head = answer.returnTo === null ? "" : `<meta http-equiv="refresh" content="0;url=${path}">`;
  return plainPage("Connected", `<p>${escaped(answer.connection)} is connected.</p>\n${onwards}`, head);
}
