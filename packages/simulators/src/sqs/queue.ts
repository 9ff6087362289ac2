import type { KeyedRandom } from "../keyed-random.ts";
import type { CancelTask, SimulatorClock } from "../simulator-clock.ts";
import type { MessageAttributes } from "./message-digest.ts";
import type { QueueSettings } from "./queue-attributes.ts";
import { createReceiptHandle, readReceiptHandle } from "./receipt-handle.ts";
import { isFailure, type SqsFailure } from "./sqs-answer.ts";
import type { QueueFaults } from "./sqs-faults.ts";

/** A message as a producer hands it over. */
export interface OutgoingMessage {
  body: string;
  attributes: MessageAttributes;
  systemAttributes: Record<string, string>;
  /** Null means the queue's own. */
  delaySeconds: number | null;
}

/** A message in a queue. */
export interface StoredMessage extends OutgoingMessage {
  /** Of the copy: a duplicate has the same message id and a key of its own. */
  key: number;
  id: string;
  sentAt: number;
  firstReceivedAt: number | null;
  receiveCount: number;
  /** Of the last receive; older ones no longer delete. */
  receiptHandle: string;
  /** The queue it came from, when it is a dead letter. */
  deadLetterSourceArn: string | null;
}

interface QueueParts {
  name: string;
  arn: string;
  /** Times that messages carry, and how long they are kept. */
  clock: SimulatorClock;
  /** Visibility and delays: who receives lives in real time. */
  wallClock: SimulatorClock;
  random: KeyedRandom;
  faults: () => QueueFaults;
  /** Another queue of the same service, to put dead letters in. */
  queueOfArn: (arn: string) => Queue | undefined;
}

interface ReceiveWish {
  max: number;
  visibilitySeconds: number;
}

/** Beyond this many the oldest are dropped and counted: a simulator's limit, the service has none. */
const MOST_MESSAGES = 100_000;
/** Beyond this many in flight nothing more is handed out. */
const MOST_IN_FLIGHT = 120_000;
/** Among the oldest this many a shuffled receive draws. */
const SHUFFLED_AMONG = 500;

/** A standard queue: at least once, in no promised order. */
export class Queue {
  readonly name: string;
  readonly arn: string;
  readonly createdAt: number;
  settings: QueueSettings;
  readonly counts = {
    sent: 0,
    received: 0,
    deleted: 0,
    duplicated: 0,
    deadLettered: 0,
    expired: 0,
    dropped: 0,
  };
  readonly #parts: QueueParts;
  /** In the order in which they became visible. */
  readonly #visible = new Map<number, StoredMessage>();
  readonly #inFlight = new Map<number, { message: StoredMessage; cancel: CancelTask }>();
  readonly #delayed = new Map<number, { message: StoredMessage; cancel: CancelTask }>();
  readonly #onVisible = new Set<() => void>();
  #nextKey = 0;
  #receives = 0;
  #deletes = 0;

  constructor(parts: QueueParts, settings: QueueSettings) {
    this.#parts = parts;
    this.name = parts.name;
    this.arn = parts.arn;
    this.createdAt = parts.clock.now();
    this.settings = settings;
  }

  /** Stores a message and returns its id. */
  send(outgoing: OutgoingMessage): string {
    const { random, faults, clock } = this.#parts;
    this.counts.sent += 1;
    const nth = `${this.name}|${this.counts.sent}`;
    const message: StoredMessage = {
      ...outgoing,
      key: this.#takeKey(),
      id: random.uuid(`message|${nth}`),
      sentAt: clock.now(),
      firstReceivedAt: null,
      receiveCount: 0,
      receiptHandle: "",
      deadLetterSourceArn: null,
    };
    const delayMs = (outgoing.delaySeconds ?? this.settings.delaySeconds) * 1_000;
    const { duplicate, duplicateAfterMs } = faults();
    if (random.chance(`duplicate|${nth}`, duplicate)) {
      this.counts.duplicated += 1;
      const later = random.uniform(`duplicateAfter|${nth}`) * duplicateAfterMs;
      this.#store({ ...message, key: this.#takeKey() }, delayMs + later);
    }
    this.#store(message, delayMs);
    return message.id;
  }

  /** Hands out what is visible now, possibly nothing; each stays invisible for a while. */
  receive({ max, visibilitySeconds }: ReceiveWish): StoredMessage[] {
    this.#expire();
    this.#receives += 1;
    const received: StoredMessage[] = [];
    for (const message of this.#candidates()) {
      if (received.length >= max || this.#inFlight.size >= MOST_IN_FLIGHT) break;
      this.#visible.delete(message.key);
      if (this.#isDeadLetter(message)) continue;
      message.receiveCount += 1;
      message.firstReceivedAt ??= this.#parts.clock.now();
      message.receiptHandle = createReceiptHandle(this.name, message);
      this.#hold(message, visibilitySeconds);
      received.push(message);
    }
    this.counts.received += received.length;
    return received;
  }

  isAtInFlightLimit(): boolean {
    return this.#inFlight.size >= MOST_IN_FLIGHT;
  }

  /** A handle of an earlier receive is accepted and deletes nothing (documented). */
  delete(receiptHandle: string): SqsFailure | undefined {
    const found = this.#find(receiptHandle);
    if (isFailure(found)) return found;
    const { message } = found;
    if (message === undefined || message.receiptHandle !== receiptHandle) return undefined;
    this.#deletes += 1;
    const { random, faults } = this.#parts;
    // Documented: a copy on a server that was down at the time may come again.
    if (random.chance(`deleteIgnored|${this.name}|${this.#deletes}`, faults().deleteIgnored))
      return undefined;
    this.#release(message.key);
    this.#visible.delete(message.key);
    this.counts.deleted += 1;
    return undefined;
  }

  changeVisibility(receiptHandle: string, seconds: number): SqsFailure | undefined {
    const found = this.#find(receiptHandle);
    if (isFailure(found)) return found;
    const { message } = found;
    if (message === undefined) {
      return {
        error: "InvalidParameterValue",
        message: `Value ${receiptHandle} for parameter ReceiptHandle is invalid. Reason: Message does not exist or is not available for visibility timeout change.`,
      };
    }
    if (!this.#inFlight.has(message.key) || message.receiptHandle !== receiptHandle) {
      return { error: "MessageNotInflight", message: "The specified message isn't in flight." };
    }
    this.#release(message.key);
    if (seconds === 0) this.#show(message);
    else this.#hold(message, seconds);
    return undefined;
  }

  /** Takes over a message of another queue, with its id and its time. */
  takeOver(message: StoredMessage, fromArn: string): void {
    this.#store({ ...message, key: this.#takeKey(), receiptHandle: "", deadLetterSourceArn: fromArn }, 0);
  }

  purge(): void {
    this.#visible.clear();
    for (const key of [...this.#inFlight.keys(), ...this.#delayed.keys()]) this.#release(key);
  }

  sizes(): { visible: number; inFlight: number; delayed: number } {
    this.#expire();
    return { visible: this.#visible.size, inFlight: this.#inFlight.size, delayed: this.#delayed.size };
  }

  /** Calls `listener` whenever a message becomes visible, until the returned function is called. */
  onVisible(listener: () => void): () => void {
    this.#onVisible.add(listener);
    return () => this.#onVisible.delete(listener);
  }

  #takeKey(): number {
    this.#nextKey += 1;
    return this.#nextKey;
  }

  #store(message: StoredMessage, delayMs: number): void {
    const { visible, inFlight, delayed } = this.sizes();
    if (visible + inFlight + delayed >= MOST_MESSAGES) this.#dropOldest();
    if (delayMs <= 0) return this.#show(message);
    const cancel = this.#parts.wallClock.schedule(delayMs, () => {
      this.#delayed.delete(message.key);
      this.#show(message);
    });
    this.#delayed.set(message.key, { message, cancel });
  }

  #show(message: StoredMessage): void {
    this.#visible.set(message.key, message);
    for (const listener of this.#onVisible) listener();
  }

  #hold(message: StoredMessage, seconds: number): void {
    const { wallClock } = this.#parts;
    const cancel = wallClock.schedule(seconds * 1_000, () => {
      this.#inFlight.delete(message.key);
      this.#show(message);
    });
    this.#inFlight.set(message.key, { message, cancel });
  }

  #release(key: number): void {
    this.#inFlight.get(key)?.cancel();
    this.#inFlight.delete(key);
    this.#delayed.get(key)?.cancel();
    this.#delayed.delete(key);
  }

  #find(receiptHandle: string): { message: StoredMessage | undefined } | SqsFailure {
    const key = readReceiptHandle(this.name, receiptHandle);
    if (key === undefined) {
      return {
        error: "ReceiptHandleIsInvalid",
        message: `The input receipt handle "${receiptHandle}" is not a valid receipt handle.`,
      };
    }
    return { message: this.#inFlight.get(key)?.message ?? this.#visible.get(key) };
  }

  /** What a receive may pick from, in the order it picks. */
  *#candidates(): Generator<StoredMessage> {
    const { random, faults } = this.#parts;
    const nth = `${this.name}|${this.#receives}`;
    if (!random.chance(`reorder|${nth}`, faults().reorder)) {
      yield* this.#visible.values();
      return;
    }
    const some: StoredMessage[] = [];
    for (const message of this.#visible.values()) {
      if (some.length >= SHUFFLED_AMONG) break;
      some.push(message);
    }
    const drawn = some.map((message) => ({ message, rank: random.uniform(`rank|${nth}|${message.key}`) }));
    yield* drawn.toSorted((a, b) => a.rank - b.rank).map(({ message }) => message);
  }

  #isDeadLetter(message: StoredMessage): boolean {
    const { redrive } = this.settings;
    if (redrive === null || message.receiveCount < redrive.maxReceiveCount) return false;
    const target = this.#parts.queueOfArn(redrive.deadLetterTargetArn);
    if (target === undefined) return false;
    this.counts.deadLettered += 1;
    target.takeOver(message, this.arn);
    return true;
  }

  /** Messages older than the retention period, of the visible ones: those in flight go when they come back. */
  #expire(): void {
    const before = this.#parts.clock.now() - this.settings.retentionSeconds * 1_000;
    for (const message of this.#visible.values()) {
      if (message.sentAt >= before) return;
      this.#visible.delete(message.key);
      this.counts.expired += 1;
    }
  }

  #dropOldest(): void {
    const [oldest] = this.#visible.keys();
    if (oldest === undefined) return;
    this.#visible.delete(oldest);
    this.counts.dropped += 1;
  }
}
