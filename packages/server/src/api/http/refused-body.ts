import type { Problem } from "../problem.ts";

/** A body that cannot be read: the way out of Fastify's parser, which knows errors only. */
export class RefusedBody extends Error {
  readonly problem: Problem;

  constructor(problem: Problem) {
    super(problem.message);
    this.name = "RefusedBody";
    this.problem = problem;
  }
}
