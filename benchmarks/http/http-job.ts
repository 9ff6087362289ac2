import type { Figures, Span } from "../measure/closed-loop.ts";
import type { Setting } from "../workload/setting.ts";

/** What the loader is told to do. Everything in it survives JSON. */
export interface HttpJob {
  readonly port: number;
  readonly path: string;
  readonly key: string;
  readonly setting: Setting;
  readonly skus: number;
  readonly seed: number;
  /** No two jobs share one. */
  readonly orderPrefix: string;
  readonly span: Span;
}

/** What the loader answers. */
export type HttpJobAnswer =
  | { readonly ok: true; readonly figures: Figures }
  | { readonly ok: false; readonly message: string };
