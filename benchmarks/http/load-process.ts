// The loader as a program of its own, so that it never shares an event loop with what it measures.
import type { HttpJob, HttpJobAnswer } from "./http-job.ts";
import { runHttpJob } from "./run-http-job.ts";

process.on("message", (job: HttpJob) => void answer(job));
// The lifeline lets a program end while nobody but its starter could still tell it something; this one waits for just that.
process.channel?.ref();

async function answer(job: HttpJob): Promise<void> {
  process.send?.(await answerTo(job));
}

async function answerTo(job: HttpJob): Promise<HttpJobAnswer> {
  try {
    return { ok: true, figures: await runHttpJob(job) };
  } catch (error) {
    return { ok: false, message: error instanceof Error ? error.message : String(error) };
  }
}
