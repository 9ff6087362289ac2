/** Ends a scheduled task that has not run yet; harmless afterwards. */
export type CancelTask = () => void;

/** The time a simulator lives in. Every delay inside a simulator runs on one of these. */
export interface SimulatorClock {
  /** Milliseconds since 1970 in simulated time. */
  now: () => number;
  /** Runs `task` once, `delayMs` of simulated time from now. */
  schedule(delayMs: number, task: () => void): CancelTask;
  /** Simulated milliseconds per real one; 0 stands still until advanced. */
  setFactor(factor: number): void;
  factor(): number;
  /** Runs everything due in the next `ms`, in order, each at its own time. */
  advance(ms: number): void;
  /** Moves forward to an instant; throws a RangeError when it lies in the past. */
  setNow(epochMs: number): void;
  /** Tasks not run yet. */
  pending(): number;
  close(): void;
}

interface Task {
  dueAt: number;
  order: number;
  run: () => void;
  state: "waiting" | "taken" | "cancelled";
}

interface ClockOptions {
  startAt?: number | undefined;
  factor?: number | undefined;
}

/** Real timers are re-armed at least this often, so that a far task never meets the 2^31 ms limit of setTimeout. */
const LONGEST_REAL_WAIT_MS = 3_600_000;

function earlier(a: Task, b: Task): boolean {
  return a.dueAt === b.dueAt ? a.order < b.order : a.dueAt < b.dueAt;
}

function checkFactor(factor: number): number {
  if (!Number.isFinite(factor) || factor < 0) throw new RangeError("factor must be a number from 0 up");
  return factor;
}

/** A clock that runs `factor` times as fast as the real one, and can be moved forward by hand. */
export function createSimulatorClock(options: ClockOptions = {}): SimulatorClock {
  let factor = checkFactor(options.factor ?? 1);
  let baseSimulated = options.startAt ?? Date.now();
  let baseReal = performance.now();
  let order = 0;
  let timer: NodeJS.Timeout | undefined;
  let closed = false;
  // Set while tasks run in advance(): each sees the instant it was due at, not the end of the jump.
  let heldAt: number | undefined;
  const tasks = createTaskHeap();

  const now = (): number => heldAt ?? Math.floor(baseSimulated + (performance.now() - baseReal) * factor);

  const rebase = (at: number): void => {
    baseSimulated = at;
    baseReal = performance.now();
  };

  const arm = (): void => {
    clearTimeout(timer);
    timer = undefined;
    const next = tasks.peek();
    if (closed || next === undefined || factor === 0) return;
    const waitMs = Math.min(LONGEST_REAL_WAIT_MS, Math.max(0, (next.dueAt - now()) / factor));
    // unref: a task that waits must not hold a process that only wants to end.
    timer = setTimeout(runDue, Math.ceil(waitMs)).unref();
  };

  const runDue = (): void => {
    for (let next = tasks.peek(); next !== undefined && next.dueAt <= now(); next = tasks.peek()) {
      tasks.pop();
      next.run();
    }
    arm();
  };

  const runUntil = (target: number): void => {
    for (let next = tasks.peek(); next !== undefined && next.dueAt <= target; next = tasks.peek()) {
      tasks.pop();
      heldAt = Math.max(next.dueAt, heldAt ?? next.dueAt);
      next.run();
    }
    heldAt = undefined;
    rebase(target);
    arm();
  };

  const setNow = (epochMs: number): void => {
    const from = now();
    if (!Number.isFinite(epochMs) || epochMs < from) throw new RangeError("the clock only moves forward");
    heldAt = from;
    runUntil(epochMs);
  };

  return {
    now,
    schedule(delayMs, run) {
      const task: Task = { dueAt: now() + Math.max(0, delayMs), order: order++, run, state: "waiting" };
      tasks.push(task);
      if (heldAt === undefined && tasks.peek() === task) arm();
      return () => tasks.remove(task);
    },
    setFactor(next) {
      rebase(now());
      factor = checkFactor(next);
      arm();
    },
    factor: () => factor,
    advance: (ms) => setNow(now() + ms),
    setNow,
    pending: () => tasks.size(),
    close() {
      closed = true;
      clearTimeout(timer);
    },
  };
}

/** Tasks by due time, first in first out among equals: a binary heap, since a long demo holds many. */
function createTaskHeap() {
  const heap: Task[] = [];
  let waiting = 0;

  const swap = (i: number, j: number): void => {
    const a = heap[i];
    const b = heap[j];
    if (a === undefined || b === undefined) throw new Error(`no task at ${i} or ${j}`);
    heap[i] = b;
    heap[j] = a;
  };
  const isEarlier = (i: number, j: number): boolean => {
    const a = heap[i];
    const b = heap[j];
    return a !== undefined && b !== undefined && earlier(a, b);
  };
  const siftUp = (from: number): void => {
    for (let i = from; i > 0;) {
      const parent = (i - 1) >> 1;
      if (!isEarlier(i, parent)) return;
      swap(i, parent);
      i = parent;
    }
  };
  const siftDown = (): void => {
    for (let i = 0; ;) {
      const left = 2 * i + 1;
      const least = isEarlier(left + 1, left) ? left + 1 : left;
      if (!isEarlier(least, i)) return;
      swap(i, least);
      i = least;
    }
  };
  const removeFirst = (): Task | undefined => {
    const first = heap[0];
    const last = heap.pop();
    if (first === undefined || last === undefined || first === last) return first;
    heap[0] = last;
    siftDown();
    return first;
  };
  const dropCancelled = (): void => {
    while (heap[0]?.state === "cancelled") removeFirst();
  };

  return {
    push(task: Task): void {
      heap.push(task);
      waiting += 1;
      siftUp(heap.length - 1);
    },
    peek(): Task | undefined {
      dropCancelled();
      return heap[0];
    },
    pop(): Task | undefined {
      dropCancelled();
      const task = removeFirst();
      if (task === undefined) return undefined;
      task.state = "taken";
      waiting -= 1;
      return task;
    },
    /** Marked now, dropped when it comes up. */
    remove(task: Task): void {
      if (task.state !== "waiting") return;
      task.state = "cancelled";
      waiting -= 1;
    },
    size: () => waiting,
  };
}
