import { ApiProblem } from "./problem.ts";

/** Asks again what may pass, a few times; what the server refused stays refused. */
export function shouldAskAgain(failures: number, error: Error): boolean {
  return error instanceof ApiProblem && error.passing && failures < 2;
}
