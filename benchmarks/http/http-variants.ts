import type { Variant } from "../measure/interleave.ts";
import type { Setting } from "../workload/setting.ts";
import type { ChildProgram } from "./child-program.ts";
import type { HttpJob, HttpJobAnswer } from "./http-job.ts";

/** `POST /v1/orders` of the server, or of Fastify with nothing behind it. */
export interface ThroughHttp extends Setting {
  readonly kind: "http" | "plain fastify";
}

/** Who answers. */
export interface HttpTarget {
  readonly kind: ThroughHttp["kind"];
  readonly port: number;
  readonly key: string;
}

/** One variant per setting, driven by the loader. */
export function httpVariants(
  loader: ChildProgram,
  target: HttpTarget,
  options: { readonly settings: readonly Setting[]; readonly skus: number },
): readonly Variant<ThroughHttp>[] {
  return options.settings.map((setting, index) => {
    let turn = 0;
    return {
      name: { kind: target.kind, ...setting },
      async measure(span) {
        turn += 1;
        const job: HttpJob = {
          port: target.port,
          path: "/v1/orders",
          key: target.key,
          setting,
          skus: options.skus,
          seed: index,
          orderPrefix: `http-${index}-${turn}`,
          span,
        };
        const answer = (await loader.ask(job)) as HttpJobAnswer;
        if (!answer.ok) throw new Error(`${target.kind} ${JSON.stringify(setting)}: ${answer.message}`);
        return answer.figures;
      },
    };
  });
}
