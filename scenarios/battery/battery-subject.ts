import type { ConnectorKind } from "@onepool/connectors/contract/connector.ts";
import type { QueueAddress } from "@onepool/connectors/contract/queue-address.ts";

/** The reason why a channel has no such thing: the test is then reported as not applicable, with this sentence. */
export interface Lacking {
  readonly lacks: string;
}

export function isLacking(value: unknown): value is Lacking {
  return typeof value === "object" && value !== null && "lacks" in value;
}

/** How a simulated channel can misbehave, in the vendor's own words and statuses. */
export type FaultName =
  /** Notifications that never come. */
  | "lost"
  /** Each notification twice. */
  | "doubled"
  /** Notifications overtake each other. */
  | "reordered"
  /** The seller ended our access: access token and refresh token are refused. */
  | "revoked"
  /** An order is notified before it can be read. */
  | "notThereYet"
  /** A write is answered like any other and changes nothing. */
  | "writeIgnored"
  /** A write is refused because somebody else is writing. */
  | "conflict"
  /** Too many calls, in the vendor's own shape. */
  | "throttled"
  /** The vendor's own server error on every call. */
  | "serverError";

export type OrderStep = "pay" | "ship" | "shipPart" | "cancel" | "cancelAfterLeaving" | "sendBack";

export interface Sale {
  readonly externalId: string;
  readonly units: number;
  /** False leaves it waiting for the payment. */
  readonly isPaid: boolean;
}

/** The seller's consent page, played by the battery. */
export interface Consent {
  readonly redirectUri: string;
  /** Where the browser is sent after the seller agreed. */
  agree(url: URL): Promise<URL>;
}

export interface NamedQueue {
  readonly settings: object;
  readonly credentials: object;
  readonly address: QueueAddress;
}

/** One simulated channel, running, with the account that the battery connects. */
export interface RunningChannel {
  readonly baseUrl: string;
  readonly tokenUrl: string;
  /** The channel's own id of the account, as its notifications name it. */
  readonly accountId: string;
  /** The channel's clock, which stands still until it is moved. */
  readonly clock: { now(): number };
  advance(ms: number): Promise<void>;
  /** A connection's settings; without the account's id where the channel can tell it. */
  settings(at: { readonly baseUrl: string; readonly tokenUrl: string; readonly timeoutMs: number }): object;
  /** As a seller enters them, with the refresh token in force. */
  readonly credentials: Readonly<Record<string, string>>;
  readonly consent: Consent | Lacking;
  /** Replaces all faults; none: no faults. */
  setFaults(...names: readonly FaultName[]): Promise<void>;
  /** A buyer buys; answers the order's id. */
  sell(sale: Sale): Promise<string>;
  /** An order of another seller at the same channel. */
  sellElsewhere(): Promise<string>;
  step(orderId: string, step: OrderStep): Promise<void>;
  /** Moves the clock until no notification is on its way; answers the bodies that arrived since the last call. */
  takeNews(): Promise<readonly unknown[]>;
  /** Whether our end takes notifications; while it does not, they fail as they would with our server down. */
  listen(isListening: boolean): void;
  close(): Promise<void>;
}

/** What the battery has to know of one channel: data about it, and the levers of its simulator. */
export interface BatterySubject {
  readonly kind: ConnectorKind;
  start(seed: number): Promise<RunningChannel>;
  readonly listings: {
    /** Shows `opening` units, can be written. */
    readonly plain: string;
    /** Others like it. */
    readonly more: readonly string[];
    readonly opening: number;
    /** Well formed, and at no channel. */
    readonly unknown: string;
    /** No listing's name. */
    readonly malformed: readonly string[];
    /** Ours, and locked for a reason of the channel's. */
    readonly locked: readonly string[];
    /** Ours, kept and counted by the channel. */
    readonly channelKept: string | Lacking;
    /** Another seller's. */
    readonly foreign: string | Lacking;
    /** Its readings carry a `version`, under these further settings of the connection. */
    readonly versioned: { readonly externalId: string; readonly settings: object } | Lacking;
  };
  readonly orders: {
    /** Well formed, and at no channel. */
    readonly unknown: string;
    /** The only shape of an order's id. */
    readonly shape: RegExp;
    /** More than fit into one page of the list. */
    readonly morePages: number;
  };
  /** The topics followed, each with the one shape of its resources. */
  readonly notices: Readonly<Record<string, RegExp>>;
  readonly faults: Readonly<Record<FaultName, true | Lacking>>;
  readonly steps: Readonly<Record<OrderStep, true | Lacking>>;
  /** What the API answers to an access token that it does not take. */
  readonly refusal: { readonly status: number; readonly body: unknown };
  /** Orders can wait for their payment. */
  readonly pending: true | Lacking;
  /** Calls tell how many are allowed. */
  readonly learnsLimits: true | Lacking;
  /** The last page that the channel lists although it has more, and the body of its answer. */
  readonly endOfList: { readonly page: string; readonly body: string } | Lacking;
  /** Settings and credentials that name a queue of notifications, and what is read there. */
  readonly queue: NamedQueue | Lacking;
  /** Each setting with a value that is wrong for it. */
  readonly wrongSettings: Readonly<Record<string, unknown>>;
}
