import type { ThroughHttp } from "../http/http-variants.ts";
import type { Measured } from "../measure/interleave.ts";
import { ratioOf, type Mark, type Ratio } from "../measure/ratio.ts";
import { fastestOf } from "./fastest.ts";

/** 5,000 a second at least and 10,000 hoped for, on a machine where Fastify alone takes 20,000. */
const MARK: Mark = { floor: 0.25, goal: 0.5 };

/** One order per request, against Fastify with nothing behind it, each at its best number of callers. */
export function compareHttp(measured: readonly Measured<ThroughHttp>[]): readonly Ratio[] {
  const single = measured.filter(({ name }) => name.ordersPerCall === 1);
  const plain = fastestOf(single.filter(({ name }) => name.kind === "plain fastify"));
  return (["spread", "hot"] as const).flatMap((spread) => {
    const ours = fastestOf(single.filter(({ name }) => name.kind === "http" && name.spread === spread));
    if (ours === null || plain === null) return [];
    const callers = `${ours.name.callers} callers against ${plain.name.callers}`;
    const what = `POST /v1/orders / plain Fastify, ${spread}, one order per request, ${callers}`;
    return [ratioOf(what, MARK, { of: ours.rounds, to: plain.rounds })];
  });
}
