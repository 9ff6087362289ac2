import type { Ledger, Submission } from "@onepool/server/ledger/ledger.ts";

/** Submits and answers how many commands that were; throws unless every one of them was done. */
export async function submitWhole(ledger: Ledger, submission: Submission): Promise<number> {
  const answer = await ledger.submit(submission);
  if (answer.kind !== "done") throw new Error(`the ledger answers: ${answer.kind}`);
  for (const result of answer.results)
    if (!result.ok) throw new Error(`the ledger refuses: ${JSON.stringify(result.rejection)}`);
  return answer.results.length;
}
