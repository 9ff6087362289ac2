import type { ErrorComponentProps } from "@tanstack/react-router";

import { Failure } from "../../ui/failure.tsx";

/** A bug in a page: the rest of the screen stays, and the page can be tried again. */
export function CrashPage({ error, reset }: ErrorComponentProps) {
  return <Failure error={error instanceof Error ? error : new Error(String(error))} onRetry={reset} />;
}
