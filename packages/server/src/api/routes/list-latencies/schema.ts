import { z } from "zod";

import { instantAnswer } from "../../schema/answers.ts";
import { hopsAnswer } from "../../schema/latency.ts";

const latencyAnswer = z.strictObject({ connection: z.string(), hops: hopsAnswer }).meta({ id: "Latency" });

export const latencyList = z.strictObject({
  latencies: z.array(latencyAnswer).meta({ description: "By connection; those without samples are absent." }),
  since: instantAnswer,
});
