import { ERROR_CATALOGUE, type ErrorCode } from "../api/error-catalogue.ts";
import { problemsOf } from "../api/openapi/open-api.ts";
import type { Route } from "../api/route/route.ts";
import { ROUTES } from "../api/routes.ts";
import type { ApiAnswer } from "./api-server.ts";

/** Fails for an answer that its route does not document: another shape, another status, a problem it does not name. */
export function checkAnswer(method: string, path: string, answer: ApiAnswer): void {
  const route = routeOf(method, path);
  if (route === undefined) return;
  const told = `${method} ${path} answered ${answer.status} ${JSON.stringify(answer.body)}`;
  if (answer.status >= 400) return checkProblem(route, answer, told);
  if (answer.status !== route.answer.status) throw new Error(`${told}: not the documented status`);
  const shape = route.answer.schema.safeParse(answer.body);
  if (!shape.success) throw new Error(`${told}: not the documented shape: ${shape.error.message}`);
  for (const result of resultsOf(answer.body)) {
    if (result.ok === false) checkCode(route, result.code, told);
  }
}

/** The route that answers this address. */
function routeOf(method: string, path: string): Route | undefined {
  const address = path.split("?", 1)[0] ?? "";
  return ROUTES.find((route) => route.method === method && patternOf(route.path).test(address));
}

function patternOf(path: string): RegExp {
  return new RegExp(`^${path.replaceAll(/\{\w+\}/g, "[^/]+")}$`);
}

function checkProblem(route: Route, { status, headers, body }: ApiAnswer, told: string): void {
  if (headers.get("content-type") !== "application/problem+json; charset=utf-8")
    throw new Error(`${told}: not as a problem`);
  checkCode(route, body.code, told);
  const { status: documented, title } = ERROR_CATALOGUE[body.code as ErrorCode];
  const isWhole = body.status === status && body.title === title && body.type === `/docs#${body.code}`;
  if (documented !== status || !isWhole) throw new Error(`${told}: not as the catalogue says`);
  if (typeof body.field !== "string" || typeof body.message !== "string" || body.message === "")
    throw new Error(`${told}: without field or message`);
}

function checkCode(route: Route, code: string, told: string): void {
  if (!problemsOf(route).includes(code as ErrorCode))
    throw new Error(`${told}: the route does not name ${code}`);
}

function resultsOf(body: unknown): { ok: boolean; code: string }[] {
  const { results } = body as { results?: { ok: boolean; code: string }[] };
  return results ?? [];
}
