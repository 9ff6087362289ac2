import type { KeeperKind } from "@onepool/connectors/contract/keeper/keeper.ts";
import type { SimulatorProcess } from "@onepool/connectors/contract/testing/simulator-process.ts";

import type { Lacking } from "../battery/battery-subject.ts";

/** What the battery has to know of one keeper: data about it, and where its simulator differs. */
export interface KeeperSubject {
  readonly kind: KeeperKind;
  /** The facility as the keeper calls it, and as the building does. */
  readonly facility: { readonly code: string; readonly building: string };
  /** Lie there with `opening` units each. */
  readonly items: readonly [string, string, string];
  readonly opening: number;
  /** Lays the opening stock and takes limits and delays away; answers how far the clock was moved, in milliseconds. */
  prepare(simulator: SimulatorProcess): Promise<number>;
  credentials(
    simulator: SimulatorProcess,
  ): Promise<{ readonly stored: object; readonly refreshToken: string }>;
  readonly settings: object;
  /** Each setting with a value that is wrong for it. */
  readonly wrongSettings: Readonly<Record<string, unknown>>;
  readonly wrongCredentials: object | Lacking;
  /** An order or inbound as the building calls it. */
  buildingId(keeperId: string): string;
  readonly whatLeft: "pick" | "shipment";
  /** The signature's header, in lower case. */
  readonly signatureHeader: string;
  /** The signed time, whose age is limited. */
  readonly replayAgeMs: number | Lacking;
  /** What the keeper answers to a token that it does not take. */
  readonly refusal: { readonly status: number; readonly body: string };
  /** An item that no keeper has. */
  readonly unknownItem: string;
}
